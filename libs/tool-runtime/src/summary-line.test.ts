import { expect, it } from '@jest/globals';
import { summaryLine } from './summary-line.ts';

it('tells times and bytes in units, and leaves out what did not happen', () => {
  const summary = { studies: 3, vanishedStudies: 0, copiedBytes: 1_234_567, expectedTimeMs: 3_723_000 };
  const ending = { command: 'orthanc-cloner', namedBy: undefined, exitCode: 0, durationMs: 2000 } as const;
  expect(summaryLine({ ...ending, summary })).toMatch(
    /2s - studies: 3, copied bytes: 1\.2 MB, expected time: 1h 2m\n$/,
  );
});
