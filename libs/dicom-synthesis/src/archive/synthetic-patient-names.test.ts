import { expect, it } from '@jest/globals';
import { synthesizeArchive } from './synthesize-archive.ts';
import { syntheticPatientNames } from './synthetic-patient-names.ts';

it('lists every name that the archive contains, in every form', () => {
  const request = { seed: 'names', studies: 80, firstStudy: 5 };
  const inArchive = [...synthesizeArchive(request)].flatMap(({ patient }) => patient.name.split('='));
  expect(syntheticPatientNames(request)).toEqual([...new Set(inArchive)].sort());
});
