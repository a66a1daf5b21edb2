import { expect, it } from '@jest/globals';
import { completeOptions } from '@orthanc-tools/tool-options';
import { cleanerOptions } from './options.ts';

const given = { orthancUrl: 'http://a:8042', labelsFilePath: 'rules.yml' };

it.each(['0 2 30 2 *', '2:30; 0 2 31 4 *'])('an execution time that never comes is refused: %s', (time) => {
  expect(() => completeOptions(cleanerOptions, { ...given, executionTime: time })).toThrow(
    /executionTime names a time that never comes: "0 2 3\d \d \*"/,
  );
});

it.each(['2:30', '0 2 29 2 *'])('one that comes, however late, is none of these: %s', (time) => {
  expect(completeOptions(cleanerOptions, { ...given, executionTime: time })).toMatchObject({
    executionTime: time,
  });
});
