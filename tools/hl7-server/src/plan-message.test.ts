import { describe, expect, it } from '@jest/globals';
import type { Attributes } from '@orthanc-tools/dicom-files';
import { type MessageCharset, charsetNamed, parseMessage } from '@orthanc-tools/hl7-messages';
import { type OrderText, orderText } from '../test/order-message.ts';
import { builtInProfiles } from './built-in-profiles.ts';
import { type OrderPlan, type PlanSettings, planMessage } from './plan-message.ts';
import { type WrittenProfile, composeProfile } from './profile.ts';

const usual: PlanSettings = {
  onCompleted: 'delete',
  onInProgress: 'keep',
  onHold: 'keep',
  withoutControl: 'schedule',
  longIdentifiers: 'keep',
  withoutModality: 'default',
  withoutStart: 'message',
  convertOffsets: false,
};

interface Asked extends OrderText {
  readonly settings?: Partial<PlanSettings>;
  readonly profile?: string | WrittenProfile;
}

function plans({ settings = {}, profile = 'default', ...text }: Asked = {}): OrderPlan[] {
  const own = typeof profile === 'string' ? (builtInProfiles[profile] ?? {}) : profile;
  const message = parseMessage(Buffer.from(orderText(text)), charsetNamed('latin-1') as MessageCharset);
  return planMessage(message, {
    profile: composeProfile([builtInProfiles['default'] ?? {}, own]),
    settings: { ...usual, ...settings },
    now: new Date(2026, 5, 7, 8, 9, 10),
  });
}

const two = (n: number) => String(n).padStart(2, '0');

const clockOf = (at: Date) => ({
  ScheduledProcedureStepStartDate: `${String(at.getFullYear())}${two(at.getMonth() + 1)}${two(at.getDate())}`,
  ScheduledProcedureStepStartTime: `${two(at.getHours())}${two(at.getMinutes())}00`,
});

function attributes(asked: Asked): Attributes {
  const [plan] = plans(asked);
  return plan?.steps[0]?.attributes ?? {};
}

const step = (asked: Asked): Attributes =>
  (attributes(asked)['ScheduledProcedureStepSequence'] as readonly Attributes[])[0] ?? {};

/** A segment with some fields filled: field('PID', { 3: 'X' }). */
function segment(name: string, fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number));
  return [name, ...Array.from({ length: last }, (_, at) => fields[at + 1] ?? '')].join('|');
}
const pid = (fields: Readonly<Record<number, string>>) => ({
  pid: segment('PID', { 3: '4711^^^HOSP', 5: 'Sample^Anna', ...fields }),
});
const orc = (fields: Readonly<Record<number, string>>) => ({
  orc: segment('ORC', { 1: 'NW', 2: 'P1^RIS', ...fields }),
});
const obr = (fields: Readonly<Record<number, string>>) => ({
  obr: segment('OBR', { 1: '1', 4: 'CT1^Chest^L', ...fields }),
});

describe('the patient of a worklist', () => {
  it.each<[string, Asked, Attributes]>([
    [
      'suffix and prefix change places, the degree follows the suffix',
      pid({ 5: 'Doe^Jo^M^Jr^Dr^PhD' }),
      { PatientName: 'Doe^Jo^M^Dr^Jr PhD' },
    ],
    [
      'of a compound family name its first part counts',
      pid({ 5: 'van Doe&van&Doe^Jo' }),
      { PatientName: 'van Doe^Jo' },
    ],
    [
      'representations by their code',
      pid({ 5: 'Yamada^Taro^^^^^L^A~山田^太郎^^^^^L^I~やまだ^たろう^^^^^L^P' }),
      { PatientName: 'Yamada^Taro=山田^太郎=やまだ^たろう' },
    ],
    [
      'representations by their script',
      pid({ 5: 'Yamada^Taro~山田^太郎~ヤマダ^タロウ' }),
      { PatientName: 'Yamada^Taro=山田^太郎=ヤマダ^タロウ' },
    ],
    ['the legal name among several', pid({ 5: 'Alias^X^^^^^D~Legal^Y^^^^^L' }), { PatientName: 'Legal^Y' }],
    ['a name in the second repetition only', pid({ 5: '~Doe^Jo' }), { PatientName: 'Doe^Jo' }],
    ['a deleted name', pid({ 5: '""' }), { PatientName: [] }],
    ['separators of DICOM within a name', pid({ 5: 'A\\E\\B=C^D\\S\\E' }), { PatientName: 'A/B C^D E' }],
    [
      'identifier and issuer',
      pid({ 3: '1^^^HOSP&1.2.3&ISO' }),
      {
        PatientID: '1',
        IssuerOfPatientID: 'HOSP',
        IssuerOfPatientIDQualifiersSequence: [{ UniversalEntityID: '1.2.3', UniversalEntityIDType: 'ISO' }],
      },
    ],
    [
      'the first identifier that is filled',
      pid({ 3: '~~123^^^A' }),
      { PatientID: '123', IssuerOfPatientID: 'A', OtherPatientIDsSequence: undefined },
    ],
    [
      'further identifiers, the main one not among them',
      pid({ 3: '1^^^A~2^^^B~1^^^C' }),
      {
        PatientID: '1',
        OtherPatientIDsSequence: [{ PatientID: '2', IssuerOfPatientID: 'B', TypeOfPatientID: 'TEXT' }],
      },
    ],
    ['PID-2 where PID-3 is empty', pid({ 2: '22', 3: '' }), { PatientID: '22' }],
    ['PID-4 as the last', pid({ 3: '', 4: '44' }), { PatientID: '44' }],
    [
      'a preferred authority',
      { ...pid({ 3: '1^^^A~2^^^B' }), profile: { assigningAuthorities: ['B'] } },
      { PatientID: '2' },
    ],
    ['a date of birth with a time', pid({ 7: '198001020304' }), { PatientBirthDate: '19800102' }],
    ['a date of birth that is none', pid({ 7: 'Aug 15, 1942' }), { PatientBirthDate: [] }],
    ['a month of birth only', pid({ 7: '198001' }), { PatientBirthDate: [] }],
    ['a day that does not exist', pid({ 7: '20230230' }), { PatientBirthDate: [] }],
    ['sex in lower case', pid({ 8: 'f' }), { PatientSex: 'F' }],
    ['sex ambiguous', pid({ 8: 'A' }), { PatientSex: 'O' }],
    ['sex unknown', pid({ 8: 'U' }), { PatientSex: [] }],
    [
      'sex by a table of the site',
      { ...pid({ 8: 'W' }), profile: { translate: { PatientSex: { W: 'F' } } } },
      { PatientSex: 'F' },
    ],
    ['neutered', pid({ 8: 'F^Y' }), { PatientSexNeutered: 'ALTERED' }],
    [
      'mother and address',
      pid({ 6: 'Maiden^Mary', 11: 'Street 1^^City^^1000' }),
      { PatientMotherBirthName: 'Maiden^Mary', PatientAddress: 'Street 1, City, 1000' },
    ],
    [
      'an address of more than 64 characters',
      pid({ 11: 'x'.repeat(70) }),
      { PatientAddress: `${'x'.repeat(60)}...` },
    ],
    [
      'species and breed',
      pid({ 35: 'cat^Katze', 36: '^Balinese' }),
      { PatientSpeciesDescription: 'Katze', PatientBreedDescription: 'Balinese' },
    ],
    ['race is no breed', pid({ 10: 'Asian' }), { PatientBreedDescription: undefined }],
    [
      'weight in grams, height in centimetres',
      { more: ['OBX|1|NM|29463-7^x^LN||4500|g', 'OBX|2|NM|8302-2||170|cm'] },
      {},
    ],
    ['pregnant', { more: ['PV1||O|||||||||||||B6'] }, { PregnancyStatus: [3] }],
    [
      'admission',
      { more: ['PV1||O|W1^R2^B3|||||||||||||||| V77^^^ADM'] },
      {
        AdmissionID: 'V77',
        CurrentPatientLocation: 'W1^R2^B3',
        IssuerOfAdmissionIDSequence: [{ LocalNamespaceEntityID: 'ADM' }],
      },
    ],
    ['admission by the account', pid({ 18: 'ACC9' }), { AdmissionID: 'ACC9' }],
    [
      'the referring physician, at the root',
      { more: ['PV1||O||||||77^Doe^Jane^M^Jr^Dr^MD'] },
      { ReferringPhysicianName: 'Doe^Jane^M^Dr^Jr MD' },
    ],
    [
      'a physician who is a plain text',
      { more: ['PV1||O||||||Docteur^Traitant'] },
      { ReferringPhysicianName: 'Traitant' },
    ],
    ['a physician who is a number', { more: ['PV1||O||||||12345'] }, { ReferringPhysicianName: [] }],
    ['allergies', { more: ['AL1|1||^Penicillin', 'AL1|2||NUTS'] }, { Allergies: ['Penicillin', 'NUTS'] }],
    [
      'alerts and state',
      obr({ 12: '^critical', 13: 'MRSA', 24: 'CT' }),
      { MedicalAlerts: 'MRSA', PatientState: 'critical' },
    ],
    [
      'confidentiality',
      { more: ['PV1||O||||||||||||||VIP'] },
      { ConfidentialityConstraintOnPatientDataDescription: 'VIP' },
    ],
    [
      'nothing said: type 2 is there and empty',
      orc({}),
      {
        PatientWeight: [],
        PregnancyStatus: [],
        Allergies: [],
        MedicalAlerts: [],
        PatientState: [],
        AdmissionID: [],
        CurrentPatientLocation: [],
        ReferringPhysicianName: [],
        ConfidentialityConstraintOnPatientDataDescription: [],
        SpecialNeeds: [],
        ReferencedStudySequence: [],
        ReferencedPatientSequence: [],
        RequestedProcedurePriority: [],
        PatientTransportArrangements: [],
      },
    ],
  ])('%s', (_, asked, expected) => {
    expect(attributes(asked)).toMatchObject(expected);
  });

  it.each([
    ['29463-7', '62', 'kg', { PatientWeight: '62' }],
    ['^BODY WEIGHT', '4500', 'g', { PatientWeight: '4.5' }],
    ['3141-9', '10,5', '', { PatientWeight: '10.5' }],
    ['x^Body Weight', '100', '[lb_av]', { PatientWeight: '45.3592' }],
    ['29463-7', 'heavy', 'kg', { PatientWeight: [] }],
    ['29463-7', '62', 'stone', { PatientWeight: [] }],
    ['8302-2', '170', 'cm', { PatientSize: '1.7' }],
    ['^BODY HEIGHT', '1.90', 'm', { PatientSize: '1.9' }],
    ['3137-7', '70', 'in', { PatientSize: '1.778' }],
  ])('observation %s of %s %s', (what, value, unit, expected) => {
    const text = orderText().split('\r');
    const message = parseMessage(
      Buffer.from([...text, `OBX|1|NM|${what}||${value}|${unit}`].join('\r')),
      charsetNamed('latin-1') as MessageCharset,
    );
    const profile = composeProfile([builtInProfiles['default'] ?? {}]);
    const [plan] = planMessage(message, { profile, settings: usual, now: new Date() });
    expect(plan?.steps[0]?.attributes).toMatchObject(expected);
  });
});

describe('the order of a worklist', () => {
  it.each<[string, Asked, Attributes]>([
    ['accession number by IPC', { ...obr({ 18: 'A18', 24: 'CT' }), more: [] }, { AccessionNumber: 'A18' }],
    ['accession number of the filler', obr({ 3: 'F3' }), { AccessionNumber: 'F3' }],
    ['accession number of the placer', { ...orc({}), ...obr({}) }, { AccessionNumber: 'P1' }],
    ['a long accession number is kept', obr({ 18: 'A'.repeat(20) }), { AccessionNumber: 'A'.repeat(20) }],
    [
      'a long accession number by its digest',
      { ...obr({ 18: 'A'.repeat(20) }), settings: { longIdentifiers: 'hash' } },
      { AccessionNumber: expect.stringMatching(/^[0-9A-F]{16}$/) as unknown as string },
    ],
    [
      'order numbers and who gave them',
      { ...orc({ 2: 'P1^RIS', 3: 'F1^RAD' }) },
      {
        PlacerOrderNumberImagingServiceRequest: 'P1',
        OrderPlacerIdentifierSequence: [{ LocalNamespaceEntityID: 'RIS' }],
        FillerOrderNumberImagingServiceRequest: 'F1',
        OrderFillerIdentifierSequence: [{ LocalNamespaceEntityID: 'RAD' }],
      },
    ],
    ['procedure by OBR-19', obr({ 19: 'R19' }), { RequestedProcedureID: 'R19' }],
    ['procedure by the placer', obr({}), { RequestedProcedureID: 'P1' }],
    [
      'description by OBR-44',
      obr({ 44: 'X^Other^L' }),
      {
        RequestedProcedureDescription: 'Other',
        RequestedProcedureCodeSequence: [
          { CodeValue: 'X', CodeMeaning: 'Other', CodingSchemeDesignator: '99LOCAL' },
        ],
      },
    ],
    [
      'code by OBR-4',
      obr({ 4: '71020^Chest^CPT' }),
      {
        RequestedProcedureDescription: 'Chest',
        RequestedProcedureCodeSequence: [
          { CodeValue: '71020', CodeMeaning: 'Chest', CodingSchemeDesignator: 'CPT' },
        ],
      },
    ],
    [
      'no code without a meaning',
      obr({ 4: '71020' }),
      { RequestedProcedureDescription: '71020', RequestedProcedureCodeSequence: undefined },
    ],
    [
      'a code of more than 16 characters',
      obr({ 4: 'ABCDEFGHIJKLMNOPQRST^Chest' }),
      {
        RequestedProcedureCodeSequence: [
          { LongCodeValue: 'ABCDEFGHIJKLMNOPQRST', CodeMeaning: 'Chest', CodingSchemeDesignator: '99LOCAL' },
        ],
      },
    ],
    [
      'priority by TQ1',
      { more: [], orc: 'ORC|NW|P1\rTQ1|1||||||20260203||S' },
      { RequestedProcedurePriority: 'STAT' },
    ],
    ['priority by ORC-7.6', orc({ 7: '^^^20260203^^A' }), { RequestedProcedurePriority: 'HIGH' }],
    ['priority by OBR-27.6', obr({ 27: '^^^^^R' }), { RequestedProcedurePriority: 'ROUTINE' }],
    ['priority by OBR-5', { ...orc({}), ...obr({ 5: 'T' }) }, { RequestedProcedurePriority: 'MEDIUM' }],
    ['a priority that is none', { ...orc({}), ...obr({ 5: 'RO' }) }, { RequestedProcedurePriority: [] }],
    [
      'requesting physician by OBR-16',
      { ...obr({ 16: '1^Req^One' }), ...orc({ 12: '2^Req^Two' }) },
      { RequestingPhysician: 'Req^One' },
    ],
    ['requesting physician by ORC-12', orc({ 12: '2^Req^Two' }), { RequestingPhysician: 'Req^Two' }],
    [
      'requesting service and institution',
      orc({ 17: 'H1^Hospital1', 22: 'Street^^City' }),
      { RequestingService: 'Hospital1', InstitutionName: 'Hospital1', InstitutionAddress: 'Street, City' },
    ],
    ['reasons', obr({ 31: 'D1^Pain~D2' }), { ReasonForTheRequestedProcedure: ['Pain', 'D2'] }],
    ['transport', obr({ 30: 'WHLC' }), { PatientTransportArrangements: 'WHLC' }],
    [
      'comments',
      { obr: 'OBR|1|P1||X^Y\rNTE|1||First\\.br\\Second\rNTE|2||Third' },
      { RequestedProcedureComments: 'First\r\nSecond\r\nThird' },
    ],
    [
      'who entered it, and the phone',
      { ...orc({ 10: '9^Clerk^Jo' }), ...obr({ 17: '555' }) },
      { OrderEnteredBy: 'Clerk^Jo', OrderCallbackPhoneNumber: '555' },
    ],
  ])('%s', (_, asked, expected) => {
    expect(attributes(asked)).toMatchObject(expected);
  });

  it.each([
    ['IPC-3', { obr: 'OBR|1|P1||X^Y\rIPC|A9|R9|1.2.3|S9|MR' }, '1.2.3'],
    ['ZDS', { obr: 'OBR|1|P1||X^Y\rZDS|1.2.4^100^Application^DICOM' }, '1.2.4'],
    ['a UID with a leading zero: none', { obr: 'OBR|1|P1||X^Y\rZDS|1.02.4' }, undefined],
    ['nothing', {}, undefined],
  ])('study UID by %s', (_, asked, expected) => {
    expect(plans(asked)[0]?.studyUid).toBe(expected);
  });
});

describe('the step of a worklist', () => {
  const ipc = (text: string) => ({
    obr: `OBR|1|P1||CT1^Chest^L^CT2^Chest prone^L|||202602031015||||||||||||A1|R1|S1||||CT\rIPC|${text}`,
  });

  it.each<[string, Asked, Attributes]>([
    ['modality by IPC', ipc('A9|R9|1.2.3|S9|mr'), { Modality: 'MR', ScheduledProcedureStepID: 'S9' }],
    ['modality by OBR-24', obr({ 24: 'US^x' }), { Modality: 'US' }],
    ['modality translated', obr({ 24: 'NMR' }), { Modality: 'MR' }],
    ['modality that is none', obr({ 24: '1^ROUTINE' }), { Modality: 'OT' }],
    [
      'stations',
      ipc('A9||||MR|||ROOM1|AE1~AE2'),
      { ScheduledStationAETitle: ['AE1', 'AE2'], ScheduledProcedureStepLocation: 'ROOM1' },
    ],
    [
      'a station by the modality',
      { ...obr({ 24: 'CT' }), profile: { stationByModality: { CT: 'CT_AE' } } },
      { ScheduledStationAETitle: ['CT_AE'] },
    ],
    ['no station: empty, never UNKNOWN', {}, { ScheduledStationAETitle: [] }],
    [
      'station name and description by IPC',
      ipc('A9||||MR|C^Proto^L|ST1'),
      {
        ScheduledStationName: 'ST1',
        ScheduledProcedureStepDescription: 'Proto',
        ScheduledProtocolCodeSequence: [
          { CodeValue: 'C', CodeMeaning: 'Proto', CodingSchemeDesignator: '99LOCAL' },
        ],
      },
    ],
    [
      'description by OBR-4.5',
      obr({ 4: 'CT1^Chest^L^CT2^Chest prone^L' }),
      {
        ScheduledProcedureStepDescription: 'Chest prone',
        ScheduledProtocolCodeSequence: [
          { CodeValue: 'CT2', CodeMeaning: 'Chest prone', CodingSchemeDesignator: '99LOCAL' },
        ],
      },
    ],
    [
      'start by TQ1-7',
      { orc: 'ORC|NW|P1|||||^^^20260204\rTQ1|1||||||202602031015' },
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepStartTime: '101500' },
    ],
    [
      'start by ORC-7.4, with an offset',
      orc({ 7: '^^^20260203101530.1234+0100' }),
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepStartTime: '101530' },
    ],
    [
      'start by OBR-27.4, a date only',
      { ...orc({}), ...obr({ 27: '^^^20260203' }) },
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepStartTime: '000000' },
    ],
    [
      'start by OBR-36',
      { ...orc({}), ...obr({ 36: '2026020311', 7: '20250101' }) },
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepStartTime: '110000' },
    ],
    [
      'start by OBR-7 and not by OBR-20',
      { ...orc({}), ...obr({ 7: '202602031200', 20: '20200101' }) },
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepID: '20200101' },
    ],
    [
      'start by OBR-6, written as ISO does',
      { ...orc({}), ...obr({ 6: '2026-02-03T12:00', 7: '00000000' }) },
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepStartTime: '120000' },
    ],
    [
      'start by the message',
      { ...orc({}), ...obr({}) },
      { ScheduledProcedureStepStartDate: '20260102', ScheduledProcedureStepStartTime: '030405' },
    ],
    [
      'start with an offset, which is dropped',
      { ...orc({}), ...obr({ 6: '20260203120000+1130' }) },
      { ScheduledProcedureStepStartDate: '20260203', ScheduledProcedureStepStartTime: '120000' },
    ],
    [
      'start with an offset, by the clocks of this machine',
      { ...orc({}), ...obr({ 6: '20260203120000+1130' }), settings: { convertOffsets: true } },
      clockOf(new Date('2026-02-03T12:00:00+11:30')),
    ],
    [
      'start now',
      { ...orc({}), ...obr({}), settings: { withoutStart: 'now' } },
      { ScheduledProcedureStepStartDate: '20260607', ScheduledProcedureStepStartTime: '080910' },
    ],
    [
      'performer within sub-components',
      obr({ 34: '9&Tech&Jo' }),
      { ScheduledPerformingPhysicianName: 'Tech^Jo' },
    ],
    ['step by OBR-20', obr({ 20: 'S20' }), { ScheduledProcedureStepID: 'S20' }],
    ['step by the procedure', obr({}), { ScheduledProcedureStepID: 'P1' }],
    ['status', orc({ 5: 'SC' }), { ScheduledProcedureStepStatus: 'SCHEDULED' }],
  ])('%s', (_, asked, expected) => {
    expect(step(asked)).toMatchObject(expected);
  });

  it.each([
    [
      'vetera',
      { PatientID: '2', PatientSexNeutered: 'UNALTERED', BreedRegistrationNumber: 'B38' },
      { Modality: 'DX', ScheduledProcedureStepStartDate: '20260203' },
    ],
    [
      'assistovet',
      {
        PatientSpeciesDescription: 'Chien',
        PatientBreedDescription: 'Berger',
        ResponsiblePerson: 'Sample^Rex',
        ResponsiblePersonRole: 'OWNER',
      },
      { ScheduledProcedureStepStartDate: '20260301', ScheduledProcedureStepStartTime: '114936' },
    ],
  ])('has the fields of %s, by its profile', (profile, patient, wanted) => {
    const asked = {
      profile,
      ...pid({ 2: '2', 6: 'Rex', 9: 'Chien', 10: 'Berger', 37: 'UNALTERED', 38: 'B38' }),
      ...orc({}),
      ...obr({ 3: 'F1', 6: '20260203', 20: '20260301114936-1', 21: 'DX' }),
    };
    expect([attributes(asked), step(asked)]).toMatchObject([patient, wanted]);
  });
});

describe('order control', () => {
  it.each([
    ['NW', '', 'schedule'],
    ['SN', '', 'schedule'],
    ['XO', '', 'schedule'],
    ['XX', '', 'schedule'],
    ['XR', '', 'schedule'],
    ['RP', '', 'schedule'],
    ['RO', '', 'schedule'],
    ['RU', '', 'schedule'],
    ['PA', '', 'schedule'],
    ['CH', '', 'schedule'],
    ['XO', 'CM', 'remove'],
    ['SC', 'CM', 'remove'],
    ['SC', 'CA', 'remove'],
    ['SC', 'DC', 'remove'],
    ['SC', 'IP', 'report'],
    ['SC', 'SC', 'report'],
    ['SC', 'A', 'report'],
    ['SC', '', 'report'],
    ['CA', '', 'remove'],
    ['OC', '', 'remove'],
    ['DC', '', 'remove'],
    ['OD', '', 'remove'],
    ['CR', '', 'remove'],
    ['DR', '', 'remove'],
    ['HD', '', 'none'],
    ['RL', '', 'none'],
    ['AF', '', 'none'],
    ['KN', '', 'none'],
    ['OK', '', 'none'],
    ['UA', '', 'none'],
    ['OE', '', 'none'],
    ['NA', '', 'none'],
    ['SS', '', 'none'],
    ['RE', '', 'none'],
    ['UC', '', 'none'],
    ['UX', '', 'none'],
    ['UM', '', 'none'],
    ['nw', '', 'schedule'],
    ['', '', 'schedule'],
  ])('ORC-1 %s with ORC-5 %s means %s', (code, status, action) => {
    expect(plans(orc({ 1: code, 5: status }))[0]?.action).toBe(action);
  });

  it.each<[string, string, Partial<PlanSettings>, string]>([
    ['SC', 'IP', { onInProgress: 'delete' }, 'remove'],
    ['SC', 'CM', { onCompleted: 'keep' }, 'none'],
    ['HD', '', { onHold: 'hide' }, 'hold'],
    ['RL', '', { onHold: 'hide' }, 'release'],
  ])('ORC-1 %s with ORC-5 %s, by an option', (code, status, settings, action) => {
    expect(plans({ ...orc({ 1: code, 5: status }), settings })[0]?.action).toBe(action);
  });

  it.each<[string, Asked, string]>([
    ['an unknown code', orc({ 1: 'QQ' }), 'HL7_TABLE_VALUE'],
    [
      'no code, where one is demanded',
      { ...orc({ 1: '' }), settings: { withoutControl: 'refuse' } },
      'HL7_REQUIRED_FIELD_MISSING',
    ],
    ['no patient', { pid: 'NTE|1' }, 'HL7_SEGMENT_SEQUENCE'],
    ['a patient without identifier', pid({ 3: '' }), 'HL7_REQUIRED_FIELD_MISSING'],
    ['no request', { obr: 'NTE|1' }, 'HL7_SEGMENT_SEQUENCE'],
    ['no number at all', { orc: 'ORC|NW', obr: 'OBR|1|||X^Y' }, 'HL7_REQUIRED_FIELD_MISSING'],
    ['no order', { orc: 'NTE|1', obr: 'NTE|2' }, 'HL7_SEGMENT_SEQUENCE'],
    [
      'a long identifier, where it is refused',
      { ...obr({ 18: 'A'.repeat(17) }), settings: { longIdentifiers: 'reject' } },
      'HL7_DATA_TYPE',
    ],
    [
      'no modality, where one is demanded',
      { ...obr({}), settings: { withoutModality: 'refuse' } },
      'HL7_TABLE_VALUE',
    ],
  ])('refuses %s', (_, asked, code) => {
    expect(() => plans(asked)).toThrow(expect.objectContaining({ code }));
  });
});

describe('several steps', () => {
  const steps = (lines: readonly string[]) =>
    plans({ orc: lines[0] ?? '', obr: lines.slice(1).join('\r') }).map((plan) =>
      plan.steps.map(({ stepId }) => stepId),
    );

  it('are one worklist each when they have names of their own', () => {
    expect(
      steps([
        'ORC|NW|P1',
        segment('OBR', { 1: '1', 4: 'A^A', 18: 'X', 20: 'S1' }),
        segment('OBR', { 1: '2', 4: 'B^B', 18: 'X', 20: 'S2' }),
      ]),
    ).toEqual([['S1', 'S2']]);
    expect(steps(['ORC|NW|P1', 'OBR|1|P1||A^A', 'IPC|X|R|1.2|S1|CT', 'IPC|X|R|1.2|S2|MR'])).toEqual([
      ['S1', 'S2'],
    ]);
  });

  it('of one name are one worklist with several protocols', () => {
    const [plan] = plans({
      obr: [
        segment('OBR', { 4: 'A^One', 18: 'X', 20: 'S1' }),
        segment('OBR', { 4: 'B^Two', 18: 'X', 20: 'S1' }),
      ].join('\r'),
    });
    const [only] = plan?.steps[0]?.attributes['ScheduledProcedureStepSequence'] as readonly Attributes[];
    expect(plan?.steps).toHaveLength(1);
    expect(only?.['ScheduledProtocolCodeSequence']).toMatchObject([{ CodeValue: 'A' }, { CodeValue: 'B' }]);
  });

  it('are orders of their own when they have numbers of their own: 500 of them', () => {
    const many = Array.from({ length: 500 }, (_, n) =>
      segment('OBR', { 1: String(n + 1), 3: `F${String(n)}`, 4: 'A^A', 18: `X${String(n)}` }),
    );
    expect(steps(['ORC|NW', ...many])).toHaveLength(500);
  });

  it('are kept apart when one of them is cancelled', () => {
    const found = plans({ orc: 'ORC|CA|P1', obr: segment('OBR', { 20: 'S2' }) });
    expect(found.map(({ action, stepId }) => [action, stepId])).toEqual([['remove', 'S2']]);
  });
});

it('several requests without names of their own are refused where they are different examinations', () => {
  const request = (modality: string) => `OBR|1|P1^RIS|F1^RIS|||||||||||||||A1||||||${modality}`;
  expect(() => plans({ obr: [request('CT'), request('US')].join('\r') })).toThrow(
    expect.objectContaining({
      code: 'HL7_REQUIRED_FIELD_MISSING',
      facts: expect.objectContaining({ segment: 'OBR', field: 20 }) as unknown,
    }),
  );
  expect(plans({ obr: [request('CT'), request('CT')].join('\r') })[0]?.steps).toHaveLength(1);
});

describe('several patients in one message', () => {
  const second = ['PID|||8^^^HOSP||Other^Ben', 'ORC|NW|P2^RIS', 'OBR|1|P2^RIS||X^Y'].join('\r');

  it('are refused, as an order could come under the wrong one', () => {
    const obr = `OBR|1|P1^RIS|F1^RIS|CT1^Chest^L\r${second}`;
    const msh = 'MSH|^~\\&|RIS|HOSP|||20260102||OMG^O19|1|P|2.5';
    for (const message of [{ obr }, { obr, msh }])
      expect(() => plans(message)).toThrow(
        expect.objectContaining({
          code: 'HL7_SEGMENT_SEQUENCE',
          facts: expect.objectContaining({ segment: 'PID', sequence: 2 }) as unknown,
        }),
      );
  });

  it('are refused where the same one stands before an order that may be of now', () => {
    const again = 'PID|||4711^^^HOSP||Sample^Anna\rORC|NW|P2^RIS\rOBR|1|P2^RIS||X^Y';
    const msh = 'MSH|^~\\&|RIS|HOSP|||20260102||OMG^O19|1|P|2.5';
    expect(() => plans({ msh, obr: `OBR|1|P1^RIS|F1^RIS|CT1^Chest^L\r${again}` })).toThrow(
      expect.objectContaining({ code: 'HL7_SEGMENT_SEQUENCE' }),
    );
  });

  it.each(['', 'ORC|PR|P0^RIS\r', 'ORC|RE|P0^RIS\r'])(
    'are one in OMG^O19, with earlier orders %j',
    (prior) => {
      const earlier = `PID|||4711^^^HOSP||Sample^Anna\r${prior}OBR|1|P0^RIS||Old^Old\rOBX|1|ST|29463-7^^LN||99|kg`;
      const found = plans({
        msh: 'MSH|^~\\&|RIS|HOSP|||20260102||OMG^O19|1|P|2.5',
        obr: `OBR|1|P1^RIS|F1^RIS|CT1^Chest^L\r${earlier}\rORC|NW|P2^RIS\rOBR|1|P2^RIS||X^Y`,
      });
      expect(found.map(({ identity, steps }) => [identity.placer?.id, steps.length])).toEqual([
        ['P1', 1],
        ['P2', 1],
      ]);
      expect(found[0]?.steps[0]?.attributes['PatientWeight']).toEqual([]);
    },
  );
});
