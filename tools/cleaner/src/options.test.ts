import { describe, expect, it } from '@jest/globals';
import { completeOptions, resolveOptions } from '@orthanc-tools/tool-options';
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

describe.each([
  ['--only-if-at', 'ONLY_IF_AT', 'onlyIfAt'],
  ['--quarantine-days', 'QUARANTINE_DAYS', 'quarantineDays'],
])('%s, which spares studies, is not off because it was given empty', (flag, variable, key) => {
  const argv = ['--url=http://a:8042', '--labels-file-path=rules.yml'];
  const sentence = `${flag} (${variable}) is empty: say what is wanted, or leave it out.`;
  const resolve = (more: readonly string[], env: Record<string, string> = {}) =>
    resolveOptions(cleanerOptions, { argv: [...argv, ...more], env, readTextFile: () => `${key}: ''` });

  it.each([[[flag, '']], [[`${flag}=`]]])('by the flag', async (more) => {
    await expect(resolve(more)).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message: sentence });
  });

  it('by the variable', async () => {
    await expect(resolve([], { [variable]: '' })).rejects.toThrow(sentence);
  });

  it('in the file of options', async () => {
    await expect(resolve(['--config=a.yml'])).rejects.toThrow(sentence);
  });

  it('by a script', () => {
    expect(() => completeOptions(cleanerOptions, { ...given, [key]: '' })).toThrow(key);
  });

  it('unless it is given elsewhere', async () => {
    await expect(resolve([`${flag}=7`], { [variable]: '' })).resolves.toBeDefined();
    await expect(resolve([flag, ''], { [variable]: '7' })).resolves.toBeDefined();
  });
});
