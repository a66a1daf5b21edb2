import { describe, expect, it } from '@jest/globals';
import { oneOf, toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { count } from './number-options.ts';
import { resolveOptions } from './resolve-options.ts';
import { configFile, secret, text } from './text-options.ts';

const table = declareOptions({
  destUrl: text({ describe: '', required: true }),
  destUser: text({
    describe: '',
    requiredWhen: { destPwd: 'set' },
    idleWhen: { destApiKey: 'set' },
  }),
  destPwd: secret({ describe: '', requiredWhen: { destUser: 'set' }, mayBeEmpty: true }),
  destApiKey: secret({ describe: '' }),
  nightOnly: toggle({ describe: '' }),
  start: count({
    describe: '',
    default: 19,
    idleUnless: { nightOnly: [true] },
    checkBeside: (start, { end, nightOnly }) =>
      nightOnly === true && start === end ? 'must differ from --end' : undefined,
  }),
  end: count({ describe: '', default: 6 }),
  hours: oneOf(['always', 'never'], {
    describe: '',
    default: 'always',
    doubt: (value) => (value === 'never' ? 'lets nothing be done' : undefined),
  }),
  config: configFile({ describe: '' }),
});

const resolve = (argv: string[], env: Record<string, string> = {}, file = '') =>
  resolveOptions(table, { argv, env, readTextFile: () => file });
const there = '--dest-url=b';

describe('options that need or exclude each other', () => {
  it.each([
    [['--dest-user=u'], '--dest-pwd (DEST_PWD) is required with --dest-user (DEST_USER).'],
    [['--dest-pwd=p'], '--dest-user (DEST_USER) is required with --dest-pwd (DEST_PWD).'],
    [['--night-only', '--start=6'], '--start (START) must differ from --end.'],
  ])('are refused: %j', async (argv, sentence) => {
    await expect(resolve([there, ...argv])).rejects.toMatchObject({ message: sentence });
  });

  it.each([
    [['--dest-user=u', '--dest-pwd='], {}],
    [['--dest-user=u'], { DEST_PWD: '' }],
  ])('are content with an empty value where that may be: %j %j', async (argv, env) => {
    expect((await resolve([there, ...argv], env)).values.destUser).toBe('u');
  });

  it('are doubted where one has no effect', async () => {
    const { doubts } = await resolve([
      there,
      ...['--start=6', '--hours=never', '--dest-user=u', '--dest-pwd=p', '--dest-api-key=k'],
    ]);
    expect(doubts).toEqual([
      '--dest-user (DEST_USER) has no effect: --dest-api-key (DEST_API_KEY) wins over it.',
      '--start (START) has no effect without --night-only (NIGHT_ONLY).',
      '--hours (HOURS) lets nothing be done.',
    ]);
    expect((await resolve([there, '--night-only', '--start=7'])).doubts).toEqual([]);
  });
});

describe('an option whose name was misspelt', () => {
  it.each([
    [['--DEST_URL=b'], '--DEST_URL is not an option. Did you mean --dest-url?'],
    [['--dest-urk', 'b'], '--dest-urk is not an option. Did you mean --dest-url?'],
    [['--dest-url'], '--dest-url (DEST_URL) needs a value.'],
    [[there, '--dest-usr=u', '--dest-pwd=p'], '--dest-usr is not an option. Did you mean --dest-user?'],
  ])('is not said to be missing: %j', async (argv, sentence) => {
    await expect(resolve(argv)).rejects.toMatchObject({ message: sentence });
  });

  it('is not said to be missing from the file either', async () => {
    await expect(resolve(['--config=/f'], {}, 'dest-urk: b')).rejects.toMatchObject({
      message:
        '--config (CONFIG): the file "/f" holds "dest-urk", which is not an option. Did you mean dest-url?',
    });
  });
});
