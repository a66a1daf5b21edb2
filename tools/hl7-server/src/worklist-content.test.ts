import { describe, expect, it } from '@jest/globals';
import { loadDictionary } from '@orthanc-tools/dicom-files';
import { type OutputCharset, worklistFile } from './worklist-content.ts';

const dictionary = await loadDictionary();

const fileOf = (name: string, terms: readonly string[], charset: OutputCharset = 'auto'): string =>
  worklistFile(
    { name: 'A1-000000000000', attributes: { PatientName: name, PatientID: '1' }, studyUid: '1.2.3', terms },
    charset,
    dictionary,
  ).toString('latin1');

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

describe('a worklist file', () => {
  it('begins as a DICOM file does, of the class that worklist files have', () => {
    const file = fileOf('Doe^Jo', []);
    expect(file.slice(0, 132)).toBe(`${'\0'.repeat(128)}DICM`);
    expect(file).toContain('1.2.276.0.7230010.3.1.0.1');
    expect(file).toContain('1.2.840.10008.1.2.1\0');
    expect(file.length % 2).toBe(0);
  });

  it.each<[string, string, readonly string[], OutputCharset, string, string]>([
    ['has no character set where ASCII is enough', 'Doe^Jo', ['ISO_IR 100'], 'auto', '', 'Doe^Jo'],
    ['is in that of the message', 'M\xfcller', ['ISO_IR 100'], 'auto', 'ISO_IR 100', 'M\xfcller'],
    [
      'is in Unicode where that of the message has not every letter',
      'M\xfcller \u20ac',
      ['ISO_IR 100'],
      'auto',
      'ISO_IR 192',
      utf8('M\xfcller \u20ac'),
    ],
    [
      'is in Unicode where DICOM does not have that of the message',
      '\u8a31',
      [],
      'auto',
      'ISO_IR 192',
      utf8('\u8a31'),
    ],
    [
      'is in Unicode for Korean, which Orthanc would damage',
      '\ud64d',
      ['', 'ISO 2022 IR 149'],
      'auto',
      'ISO_IR 192',
      utf8('\ud64d'),
    ],
    [
      'is in the Korean set where that is wanted',
      '\ud64d',
      ['', 'ISO 2022 IR 149'],
      'message',
      '\\ISO 2022 IR 149',
      '\x1b$)C\xc8\xab',
    ],
    [
      'has the escape sequences of the Korean set in every component',
      'Hong^Gildong=\u6d2a^\u5409\u6d1e',
      ['', 'ISO 2022 IR 149'],
      'message',
      '\\ISO 2022 IR 149',
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7',
    ],
    ['is in Latin 1 for old devices', 'M\xfcller', ['ISO_IR 192'], 'latin-1', 'ISO_IR 100', 'M\xfcller'],
    [
      'is in Unicode for old devices that lack a letter',
      '\u8a31',
      ['ISO_IR 192'],
      'latin-1',
      'ISO_IR 192',
      utf8('\u8a31'),
    ],
    [
      'is always in Unicode, if wanted',
      'M\xfcller',
      ['ISO_IR 100'],
      'utf-8',
      'ISO_IR 192',
      utf8('M\xfcller'),
    ],
  ])('%s', (_, name, terms, charset, told, bytes) => {
    const file = fileOf(name, terms, charset);
    const padded = bytes.length % 2 === 0 ? bytes : `${bytes} `;
    expect(file).toContain(`PN${String.fromCharCode(padded.length)}\0${padded}`);
    if (told === '') expect(file).not.toContain('ISO_IR');
    else expect(file).toContain(told);
  });
});
