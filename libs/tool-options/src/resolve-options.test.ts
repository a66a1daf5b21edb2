import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oneOf, toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { headerList } from './list-options.ts';
import { count } from './number-options.ts';
import { effectiveOptions } from './effective-options.ts';
import { resolveOptions } from './resolve-options.ts';
import { configFile, secret, text } from './text-options.ts';
import { url } from './url-option.ts';

const table = declareOptions({
  destUrl: url({ describe: 'Destination.', required: true }),
  destPwd: secret({ describe: 'Password.' }),
  destHeaders: headerList({ describe: 'Headers.' }),
  mode: oneOf(['Default', 'Peering'], { describe: 'Mode.', default: 'Default' }),
  destPeer: text({ describe: 'Peer.', requiredWhen: { mode: ['Peering'] }, conflictsWith: ['destPwd'] }),
  workerThreadsCount: count({ describe: 'Workers.', default: 4, min: 1, max: 64 }),
  runOnlyAtNightAndWeekend: toggle({ describe: 'Nights only.' }),
  config: configFile({ describe: 'File.' }),
});

const files: Record<string, string> = {
  '/run/secrets/pwd': 's3cret\n',
  '/etc/tool.yml': 'worker_threads_count: 7\nmode: peering\ndestPeer: b\n',
};
const resolve = (argv: string[], env: Record<string, string> = {}) =>
  resolveOptions(table, {
    argv,
    env,
    readTextFile: (path) => {
      const content = files[path];
      if (content === undefined) throw new Error('no such file');
      return content;
    },
  });
const destination = '--dest-url=http://b:8042';

describe('resolveOptions', () => {
  it.each([
    ['--dest-url', 'http://b:8042'],
    ['--dest_url', 'http://b:8042'],
    ['--dest_url=http://b:8042'],
    ['--dest-ur=http://b:8042'],
  ])('accepts %s %s', async (...argv) => {
    expect((await resolve(argv)).values.destUrl).toBe('http://b:8042/');
  });

  it('lets a flag win over a variable, a variable over the file, the file over the default', async () => {
    const file = '--config=/etc/tool.yml';
    expect((await resolve([destination])).values.workerThreadsCount).toBe(4);
    expect((await resolve([destination, file])).values.workerThreadsCount).toBe(7);
    expect(
      (await resolve([destination, file], { WORKER_THREADS_COUNT: '8' })).values.workerThreadsCount,
    ).toBe(8);
    const all = await resolve([destination, file, '--worker-threads-count=9'], { WORKER_THREADS_COUNT: '8' });
    expect(all.values.workerThreadsCount).toBe(9);
    expect(all.origins).toMatchObject({ workerThreadsCount: 'flag', mode: 'file', destUrl: 'flag' });
  });

  it.each([
    [['--run-only-at-night-and-weekend'], true],
    [['--run_only_at_night_and_weekend=true'], true],
    [['--run_only_at_night_and_weekend', 'false'], false],
    [['--no-run-only-at-night-and-weekend'], false],
  ])('reads a toggle from %j', async (argv, expected) => {
    expect((await resolve([destination, ...argv])).values.runOnlyAtNightAndWeekend).toBe(expected);
  });

  it('reads a secret from the file that its variable names, without the last line end', async () => {
    expect((await resolve([destination], { DEST_PWD_FILE: '/run/secrets/pwd' })).values.destPwd).toBe(
      's3cret',
    );
  });

  it('says in one sentence that the file of a secret that is required cannot be read', async () => {
    const needy = declareOptions({
      destPwd: secret({ describe: 'Password.', requiredWhen: { destUser: 'set' } }),
      destUser: text({ describe: 'User.' }),
    });
    const attempt = resolveOptions(needy, {
      argv: ['--dest-user=u'],
      env: { DEST_PWD_FILE: '/none' },
      readTextFile: () => {
        throw new Error('no such file');
      },
    });
    await expect(attempt).rejects.toMatchObject({
      message: '--dest-pwd (DEST_PWD): the file "/none" that DEST_PWD_FILE names cannot be read.',
    });
  });

  it('names every fault at once, each with flag and variable', async () => {
    const wrong = resolve(['--mode=fast', '--worker-threads-count', '0', '--dest-pwd-file=/none'], {
      RUN_ONLY_AT_NIGHT_AND_WEEKEND: 'maybe',
    });
    await expect(wrong).rejects.toMatchObject({ kind: 'configuration', code: 'OPTIONS_INVALID' });
    const message = await wrong.catch((error: unknown) => (error as Error).message);
    for (const name of [
      '--dest-url (DEST_URL) is required',
      '--mode (MODE) must be Default or Peering, not "fast"',
      '--worker-threads-count (WORKER_THREADS_COUNT) must be a whole number, from 1 to 64, not "0"',
      '--run-only-at-night-and-weekend (RUN_ONLY_AT_NIGHT_AND_WEEKEND) must be true or false',
      '--dest-pwd (DEST_PWD): the file "/none" that --dest-pwd-file names cannot be read',
    ])
      expect(message).toContain(name);
  });

  it.each([
    [['--mode=Peering'], '--dest-peer (DEST_PEER) is required with --mode (MODE) = Peering'],
    [
      ['--dest-peer=b', '--dest-pwd=x'],
      '--dest-peer (DEST_PEER) cannot be given together with --dest-pwd (DEST_PWD)',
    ],
    [['--dest-purl=x'], 'Did you mean --dest-url?'],
    [['--dest-p=x'], '--dest-p is ambiguous'],
    [['--dest-peer'], '--dest-peer (DEST_PEER) needs a value'],
  ])('refuses %j with one sentence', async (argv, sentence) => {
    await expect(resolve([destination, ...argv])).rejects.toThrow(sentence);
  });

  it('never shows a secret among the effective options', async () => {
    const resolved = await resolve([destination, '--dest-pwd=s3cret', '--dest-headers', 'x-token: s3cret']);
    const shown = effectiveOptions(table, resolved);
    expect(shown['destPwd']).toEqual({ value: '***', origin: 'flag' });
    expect(JSON.stringify(shown)).not.toContain('s3cret');
  });

  it('meets any command line with options or one configuration failure', async () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(destination, '--mode', '--dest-pwd', '--no-mode', '--', '--='),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (argv) => {
        const failure: unknown = await resolve(argv).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) expect(failure).toMatchObject({ code: 'OPTIONS_INVALID' });
      }),
    );
  });
});
