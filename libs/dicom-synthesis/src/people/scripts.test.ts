import { describe, expect, it } from '@jest/globals';
import { encodePart10, loadDictionary, toDataSet } from '@orthanc-tools/dicom-files';
import { scripts } from './scripts.ts';

const dictionary = await loadDictionary();

describe.each(scripts)('$script', ({ characterSet, families, givenF, givenM, hospitals }) => {
  it('has a character set that holds every name', () => {
    const names = [...families, ...givenF, ...givenM].map((forms) => forms.join('='));
    for (const name of [...names, ...hospitals])
      expect(() =>
        encodePart10(toDataSet({ SpecificCharacterSet: characterSet, PatientName: name }, dictionary)),
      ).not.toThrow();
  });

  // The standard allows 64 characters per component group; validators count the bytes of all groups.
  it('has no name that validators find too long', () => {
    const lengthOf = (PatientName: string): number =>
      encodePart10(toDataSet({ SpecificCharacterSet: characterSet, PatientName }, dictionary)).length;
    const pairs = families.flatMap((family) =>
      [...givenF, ...givenM].map((given) => family.map((form, at) => `${form}^${given[at] ?? ''}`).join('=')),
    );
    const empty = lengthOf('');
    for (const name of pairs) expect(lengthOf(name) - empty).toBeLessThanOrEqual(64);
  });

  it('has all forms of every name', () => {
    const counts = [...families, ...givenF, ...givenM].map((forms) => forms.length);
    expect(new Set(counts).size).toBe(1);
  });
});
