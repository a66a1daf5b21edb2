import { expect, it } from '@jest/globals';
import { summaryLine } from './summary-line.ts';

it('tells times and bytes in units, and leaves out what did not happen', () => {
  const summary = { studies: 3, vanishedStudies: 0, copiedBytes: 1_234_567, expectedTimeMs: 3_723_000 };
  const ending = { command: 'orthanc-cloner', namedBy: undefined, exitCode: 0, durationMs: 2000 } as const;
  expect(summaryLine({ ...ending, summary })).toMatch(
    /2s - studies: 3, copied bytes: 1\.2 MB, expected time: 1h 2m\n$/,
  );
});

it('says what was done where that is not everything', () => {
  const ending = { command: 'orthanc-cleaner', namedBy: undefined, durationMs: 2000, summary: {} };
  const done = 'Dry run: nothing was changed.';
  expect(summaryLine({ ...ending, exitCode: 0, done })).toBe(`orthanc-cleaner: ${done} 2s\n`);
  expect(summaryLine({ ...ending, exitCode: 3, done })).not.toContain(done);
});

it.each([
  [3, undefined, 'Finished, but some items were set aside; the report names them. (exit code 3)'],
  [3, 'Nothing was done: too much.', 'Nothing was done: too much. (exit code 3)'],
  [0, 'Nothing was done: too much.', 'Everything was done.'],
] as const)('with exit code %d and %j to look at, says: %s', (exitCode, attention, said) => {
  const ending = { command: 'orthanc-cleaner', namedBy: 'the report', durationMs: 2000, summary: {} };
  expect(summaryLine({ ...ending, exitCode, attention })).toBe(`orthanc-cleaner: ${said} 2s\n`);
});
