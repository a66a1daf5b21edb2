import { expect, it } from '@jest/globals';
import { edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import { chosenEdgeCases } from './chosen-edge-cases.ts';

it('takes none unless asked', () => {
  expect(chosenEdgeCases()).toEqual([]);
});

it('takes those that are named, each once, in the order of the catalogue', () => {
  expect(chosenEdgeCases(['long-uid', 'no-study-date', 'long-uid'])).toEqual(['no-study-date', 'long-uid']);
});

it('takes all where that is said', () => {
  expect(chosenEdgeCases(['all'])).toEqual(edgeCases.map(({ name }) => name));
});
