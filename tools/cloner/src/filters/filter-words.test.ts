import { expect, it } from '@jest/globals';
import { filterWords } from './filter-words.ts';

const nothing = {
  ...{ modality: undefined, studyDate: undefined, label: undefined },
  ...{ patientId: undefined, patientIdsFile: undefined },
};

it('says what a run is limited to, and names no patient', () => {
  expect(filterWords(nothing)).toEqual([]);
  const filters = {
    ...{ modality: ['CT', 'MR'], studyDate: '20240101-', label: ['A'] },
    ...{ patientId: ['P1', 'P2'], patientIdsFile: '/status/patients.txt' },
  };
  expect(filterWords(filters)).toEqual([
    'modality CT or MR',
    'study date 20240101-',
    'label A',
    '2 patients',
    'patients of a list',
  ]);
});
