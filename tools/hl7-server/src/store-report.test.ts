import { describe, expect, it } from '@jest/globals';
import { type MessageCharset, charsetNamed, parseMessage } from '@orthanc-tools/hl7-messages';
import { builtInProfiles } from './built-in-profiles.ts';
import { composeProfile } from './profile.ts';
import { planReport } from './store-report.ts';

const header = 'MSH|^~\\&|A|B|||20260102||ORU^R01^ORU_R01|1|P|2.5';
const pdf = (text: string) =>
  `OBX|1|ED|||^^^Base64^${Buffer.from(`%PDF-1.4 the document ${text}`).toString('base64')}`;

const plan = (...segments: string[]) =>
  planReport(
    parseMessage(Buffer.from([header, ...segments].join('\r')), charsetNamed('latin-1') as MessageCharset),
    composeProfile([builtInProfiles['default'] ?? {}]),
    'Report',
  );

describe('a report', () => {
  it('goes to the study of its patient', () => {
    expect(plan('PID|||A', 'OBR|1||1.2.3', pdf('one'))).toMatchObject({ patientId: 'A', studyUid: '1.2.3' });
  });

  it('goes to the study that ZDS names, whatever number OBR has', () => {
    expect(plan('PID|||A', 'OBR|1||4.5.6', 'ZDS|1.2.3', pdf('one'))).toMatchObject({ studyUid: '1.2.3' });
  });

  it.each([
    ['patients', ['PID|||A', 'OBR|1||1.2.3', 'PID|||B', 'OBR|2||1.2.4', pdf('of B')]],
    ['studies', ['PID|||A', 'OBR|1||1.2.3', 'OBX|1|TX|||x', 'OBR|2||1.2.4', pdf('of the second')]],
    ['documents', ['PID|||A', 'OBR|1||1.2.3', pdf('one'), pdf('other')]],
  ])('of several %s is refused: nobody can tell what belongs to which', (what, segments) => {
    expect(() => plan(...segments)).toThrow(`The report is of several ${what}`);
  });
});
