import { expect, it } from '@jest/globals';
import { edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import { chosenEdgeCases } from './chosen-edge-cases.ts';

const every = edgeCases.map(({ name }) => name);

it('takes none unless asked', () => {
  expect(chosenEdgeCases({ edgeCases: undefined, output: undefined })).toEqual([]);
});

it('takes those that are named, each once, in the order of the catalogue', () => {
  const words = ['long-uid', 'no-study-date', 'long-uid'];
  expect(chosenEdgeCases({ edgeCases: words, output: undefined })).toEqual(['no-study-date', 'long-uid']);
});

it('writes all into a folder, and leaves out for an Orthanc what it refuses, unless named', () => {
  expect(chosenEdgeCases({ edgeCases: ['all'], output: 'folder' })).toEqual(every);
  const taken = every.filter((name) => name !== 'no-preamble');
  expect(chosenEdgeCases({ edgeCases: ['all'], output: undefined })).toEqual(taken);
  expect(chosenEdgeCases({ edgeCases: ['all', 'no-preamble'], output: undefined })).toEqual(every);
});
