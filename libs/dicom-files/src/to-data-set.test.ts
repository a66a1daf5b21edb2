import { expect, it } from '@jest/globals';
import { loadDictionary } from './dictionary.ts';
import { toDataSet } from './to-data-set.ts';

const dictionary = await loadDictionary();

it('looks keywords up and sorts by tag', () => {
  expect(toDataSet({ Rows: 2, PatientName: 'A^B', PatientWeight: 71.5, StudyID: [] }, dictionary)).toEqual([
    { tag: 0x00100010, vr: 'PN', text: ['A^B'] },
    { tag: 0x00101030, vr: 'DS', text: ['71.5'] },
    { tag: 0x00200010, vr: 'SH', text: [] },
    { tag: 0x00280010, vr: 'US', numbers: [2] },
  ]);
});

it('settles ambiguous VRs by the pixel representation', () => {
  const vrs = (representation: number) =>
    toDataSet(
      { PixelRepresentation: representation, SmallestImagePixelValue: 1, PixelData: new Uint8Array(2) },
      dictionary,
    ).map(({ vr }) => vr);
  expect(vrs(0)).toEqual(['US', 'US', 'OW']);
  expect(vrs(1)).toEqual(['US', 'SS', 'OW']);
});

it('takes private attributes by tag', () => {
  expect(toDataSet({ '00091001': { vr: 'LO', value: 'x' } }, dictionary)).toEqual([
    { tag: 0x00091001, vr: 'LO', text: ['x'] },
  ]);
});

it('leaves undefined attributes out', () => {
  expect(toDataSet({ Rows: undefined }, dictionary)).toEqual([]);
});

it('refuses a keyword that does not exist', () => {
  expect(() => toDataSet({ PatientNmae: 'A^B' }, dictionary)).toThrow('PatientNmae');
});
