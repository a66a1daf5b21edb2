import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { textList } from './list-options.ts';
import { readArguments } from './read-arguments.ts';
import { secret, text } from './text-options.ts';

const table = declareOptions({
  destUrl: text({ describe: '', aliases: ['destinationUrl'], flags: ['url'] }),
  destPwd: secret({ describe: '' }),
  labels: textList({ describe: '' }),
  cases: textList({ describe: '', whenBare: 'all' }),
  deleteFromSource: toggle({ describe: '' }),
});

const read = async (...argv: string[]) => {
  const { given, positionals, faults } = await readArguments(table, argv);
  return {
    given: Object.fromEntries([...given].map(([key, { texts }]) => [key, texts])),
    positionals,
    faults,
  };
};

describe('readArguments', () => {
  it.each([
    ['--dest-url', 'x'],
    ['--dest_url', 'x'],
    ['--dest-url=x'],
    ['--dest_url=x'],
    ['--dest-ur', 'x'],
    ['--destination_url=x'],
    ['--url', 'x'],
  ])('knows %s %s', async (...argv) => {
    expect(await read(...argv)).toEqual({ given: { destUrl: ['x'] }, positionals: [], faults: [] });
  });

  it('lets a flag that may stand alone do so, at the end and before another flag', async () => {
    expect((await read('--cases')).given).toEqual({ cases: ['all'] });
    expect((await read('--cases', '--url=x')).given).toEqual({ cases: ['all'], destUrl: ['x'] });
    expect((await read('--cases', 'a,b')).given).toEqual({ cases: ['a,b'] });
  });

  it('keeps every value that is given again, in order', async () => {
    expect((await read('--labels=a', '--labels', 'b', '--url', '1', '--dest-url=2')).given).toEqual({
      labels: ['a', 'b'],
      destUrl: ['1', '2'],
    });
  });

  it.each([
    [['--delete-from-source'], 'true'],
    [['--delete_from_source=No'], 'No'],
    [['--delete-from-source', 'off'], 'off'],
    [['--delete'], 'true'],
    [['--no-delete-from-source'], 'false'],
    [['--no-delete-from-source=false'], 'true'],
    [['--no-delete-from-source=perhaps'], 'perhaps'],
  ])('reads the switch %j', async (argv, word) => {
    expect((await read(...argv)).given).toEqual({ deleteFromSource: [word] });
  });

  it('does not take the word after a switch, unless it is yes or no', async () => {
    expect(await read('--delete-from-source', 'status')).toMatchObject({ positionals: ['status'] });
  });

  it('takes all that follows two dashes for words', async () => {
    expect(await read('run', '--', '--dest-url', '-x')).toMatchObject({
      given: {},
      positionals: ['run', '--dest-url', '-x'],
    });
  });

  it('takes an empty value for none', async () => {
    expect(await read('--dest-url=', '--dest-pwd', '')).toEqual({ given: {}, positionals: [], faults: [] });
  });

  it.each([
    [['--dest-urk=x'], '--dest-urk is not an option. Did you mean --dest-url?'],
    [['--destUrl=x'], '--destUrl is not an option. Did you mean --dest-url?'],
    [['--delete-from-sauce'], '--delete-from-sauce is not an option. Did you mean --delete-from-source?'],
    [['--colour', 'red'], '--colour is not an option.'],
    [['--de=x'], '--de is ambiguous: --dest-url, --destination-url, --dest-pwd, --delete-from-source.'],
    [['--dest-url'], '--dest-url (DEST_URL) needs a value.'],
    [
      ['--dest-url', '--delete'],
      '--dest-url (DEST_URL) needs a value. A value that begins with a dash is written --dest-url=VALUE.',
    ],
    [['--dest-pwd-file'], '--dest-pwd (DEST_PWD) needs a value.'],
    [['-s3cret'], '"-s…" is not an option: options begin with two dashes.'],
    [['--=x'], '-- is not an option.'],
  ])('refuses %j with one sentence', async (argv, fault) => {
    expect((await read(...argv)).faults).toEqual([fault]);
  });

  it('hands on every value letter by letter, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), async (value) => {
        expect((await read(`--dest-pwd=${value}`)).given).toEqual({ destPwd: [value] });
      }),
    );
    for (const value of [
      `"quoted"`,
      `'quoted'`,
      '=',
      '-x',
      '--dest-url',
      '0x10',
      '1e3',
      'a=b',
      '[]',
      '{}',
      'a\nb',
    ]) {
      expect((await read(`--dest-pwd=${value}`)).given).toEqual({ destPwd: [value] });
    }
  });

  it('survives every command line', async () => {
    const word = fc.oneof(
      fc.string(),
      fc.string().map((end) => `--${end}`),
      fc.constantFrom(
        '--dest-url',
        '--no-delete-from-source',
        '--',
        '-',
        '--__proto__=x',
        '--constructor',
        '--_=1',
        '--dest-url:file=x',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (argv) => {
        const { given, positionals, faults } = await readArguments(table, argv);
        expect(given.size + positionals.length + faults.length).toBeLessThanOrEqual(argv.length);
      }),
    );
  });
});
