import { describe, expect, it } from '@jest/globals';
import { acknowledge, wantedAnswers } from './acknowledgement.ts';
import type { AcknowledgementRequest } from './acknowledgement.ts';
import { readHeader } from './header.ts';

const at = new Date(2026, 0, 2, 3, 4, 5);
const answer = (line: string, more: Partial<AcknowledgementRequest> = {}) =>
  acknowledge({ header: readHeader(line), code: 'AA', controlId: 'OWN1', at, ...more })
    .toString('latin1')
    .split('\r');
const header = (version: string, type = 'ORM^O01') =>
  `MSH|^~\\&|RIS^1.2^ISO|HOSP|ORTHANC|RAD|20260101||${type}|C-1|P|${version}||||||8859/1`;
const error = {
  condition: 'requiredFieldMissing',
  location: { segment: 'PID', sequence: 1, field: 3, component: 1 },
  text: 'The patient has no identifier.',
} as const;

describe('an acknowledgement', () => {
  it.each([
    ['2.2', 'ACK'],
    ['2.3', 'ACK^O01'],
    ['2.3.1', 'ACK^O01'],
    ['2.4', 'ACK^O01^ACK'],
    ['2.5.1', 'ACK^O01^ACK'],
    ['2.8', 'ACK^O01^ACK'],
  ])('of version %s is of type %s, turned round, with what is echoed', (version, type) => {
    expect(answer(header(version))).toEqual([
      `MSH|^~\\&|ORTHANC|RAD|RIS^1.2^ISO|HOSP|20260102030405||${type}|OWN1|P|${version}||||||8859/1`,
      'MSA|AA|C-1',
      '',
    ]);
  });

  it('has a version of its own for a sender whose version is none', () => {
    expect(answer(header('9.9'))[0]).toContain('|2.5.1|');
    expect(answer(header('2.5.1^DEU'))[0]).toContain('|2.5.1|');
  });

  it('tells what is wrong in ERR-1 up to 2.4, and in ERR-2 to ERR-8 from 2.5 on', () => {
    const old = answer(header('2.3'), { code: 'AE', error });
    expect(old.slice(1, 3)).toEqual([
      'MSA|AE|C-1|The patient has no identifier.',
      'ERR|PID^1^3^101&Required field missing&HL70357',
    ]);
    const young = answer(header('2.5'), { code: 'AE', error });
    expect(young.slice(1, 3)).toEqual([
      'MSA|AE|C-1',
      'ERR||PID^1^3^1^1|101^Required field missing^HL70357|E||||The patient has no identifier.',
    ]);
  });

  it('speaks with the separators and the bytes of the sender', () => {
    const [msh, msa, err] = answer('MSH#%*@!#R\xcfS#H#O#R#1##ORM%O01#\xe9-1#P#2.3', { code: 'AE', error });
    expect(msh).toBe('MSH#%*@!#O#R#R\xcfS#H#20260102030405##ACK%O01#OWN1#P#2.3');
    expect(msa).toBe('MSA#AE#\xe9-1#The patient has no identifier.');
    expect(err).toBe('ERR#PID%1%3%101!Required field missing!HL70357');
  });

  it('escapes a separator in its own words', () => {
    expect(answer('MSH|.~\\&|A|||||||C|P|2.3', { code: 'AE', error })[1]).toBe(
      'MSA|AE|C|The patient has no identifier\\S\\',
    );
  });

  it('answers without a header that can be used', () => {
    const bytes = acknowledge({ header: undefined, code: 'AR', controlId: 'OWN1', at });
    expect(bytes.toString()).toBe('MSH|^~\\&|||||20260102030405||ACK|OWN1|P|2.5.1\rMSA|AR|\r');
  });

  it('is of UTF-16 for a sender that is', () => {
    const wide = acknowledge({
      header: readHeader(header('2.3')),
      code: 'AA',
      controlId: '1',
      at,
      wide: 'utf-16le',
    });
    expect([...wide.subarray(0, 6)]).toEqual([0xff, 0xfe, 0x4d, 0x00, 0x53, 0x00]);
  });
});

describe('original and enhanced mode', () => {
  const wanted = (accept: string, application: string) =>
    (['accepted', 'refused', 'not-kept'] as const).map((verdict) =>
      wantedAnswers(readHeader(`MSH|^~\\&|A||||||||||||${accept}|${application}`), verdict).join('+'),
    );

  it.each([
    ['', '', 'application', 'application', 'application'],
    ['AL', 'NE', 'accept', 'application', 'accept'],
    ['AL', '', 'accept', 'application', 'accept'],
    ['AL', 'AL', 'accept+application', 'application', 'accept+application'],
    ['NE', 'NE', '', '', ''],
    ['NE', 'AL', 'application', 'application', 'application'],
    ['NE', '', 'application', 'application', 'application'],
    ['ER', 'NE', '', 'application', 'accept'],
    ['SU', 'NE', 'accept', '', ''],
    ['', 'ER', '', 'application', 'application'],
    ['', 'SU', 'application', '', ''],
    ['123', 'DOE', 'application', 'application', 'application'],
  ])(
    'MSH-15 %j and MSH-16 %j want %j, when refused %j, when not kept %j',
    (accept, application, ...expected) => {
      expect(wanted(accept, application)).toEqual(expected);
    },
  );
});
