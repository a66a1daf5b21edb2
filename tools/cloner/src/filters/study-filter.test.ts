import { describe, expect, it } from '@jest/globals';
import { isWanted } from './study-filter.ts';
import { wishIn } from './open-filter.ts';

const study = (date: string, patientId = 'P1', labels: string[] = []) => ({
  tags: { StudyDate: date, PatientID: patientId },
  labels,
});

describe('a filter of studies', () => {
  it.each([
    ['20240131', '20240131', true],
    ['20240131', '20240201', false],
    ['20240101-20241231', '20241231', true],
    ['20240101-', '20991231', true],
    ['-20241231', '20250101', false],
    ['20240101-20241231', '', false],
  ])('takes %s: a study of "%s" is wanted: %s', (studyDate, date, wanted) => {
    expect(isWanted(study(date), wishIn({ studyDate }, []))).toBe(wanted);
  });

  it('wants all that is given, and one of several', () => {
    const wish = wishIn({ label: ['A', 'B'], patientId: ['P1'] }, ['P2']);
    expect(isWanted(study('', 'P2', ['B']), wish)).toBe(true);
    expect(isWanted(study('', 'P3', ['B']), wish)).toBe(false);
    expect(isWanted(study('', 'P2', ['C']), wish)).toBe(false);
  });
});
