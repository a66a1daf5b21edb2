import { describe, expect, it } from '@jest/globals';
import { declareOptions } from '@orthanc-tools/tool-options';
import { filterOptions } from './filter-options.ts';

const { studyDate } = declareOptions({ studyDate: filterOptions.studyDate });

describe('the days of --study-date', () => {
  it.each(['20240131', '20240101-20241231', '20240101-', '-20241231', '20240101-20240101'])(
    'may be written as %s',
    (written) => {
      expect(studyDate.check(written)).toBeUndefined();
    },
  );

  it.each([
    ['-', 'must be a day or a range'],
    ['2024', 'must be a day or a range'],
    ['20241231-20240101', 'write 20240101-20241231'],
  ])('may not be written as %s', (written, complaint) => {
    expect(studyDate.check(written)).toContain(complaint);
  });
});
