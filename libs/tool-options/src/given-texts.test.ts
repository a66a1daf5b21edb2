import { describe, expect, it } from '@jest/globals';
import { oneOf, toggle } from './choice-options.ts';
import { declareOptions } from './declare-options.ts';
import { textList } from './list-options.ts';
import { resolveOptions } from './resolve-options.ts';
import { configFile, filePath, secret, text } from './text-options.ts';
import { url } from './url-option.ts';

const table = declareOptions({
  destUrl: url({ describe: '' }),
  destPwd: secret({ describe: '' }),
  ledgerPath: filePath({ describe: '', aliases: ['persistStatePath'] }),
  timezone: text({ describe: '', variables: ['TZ'] }),
  mode: oneOf(['A', 'B'], { describe: '', default: 'A' }),
  labels: textList({ describe: '' }),
  existingChangesOnly: toggle({ describe: '' }),
  config: configFile({ describe: '' }),
});

const resolve = (argv: string[], env: Record<string, string> = {}) =>
  resolveOptions(table, {
    argv,
    env,
    readTextFile: (path) => (path === '/t.yml' ? 'mode: [a, b]' : 's3cret'),
  });

describe('a source that contradicts itself', () => {
  it.each<[string[], Record<string, string>, string]>([
    [
      ['--dest-url=http://a', '--dest_url', 'http://b'],
      {},
      '--dest-url (DEST_URL) is given different values by --dest-url and by --dest_url: give one of them.',
    ],
    [
      ['--dest-url=http://a', '--dest-url=http://b'],
      {},
      '--dest-url (DEST_URL) is given several times, with different values: give one of them.',
    ],
    [
      ['--existing-changes-only=false', '--existing-changes-only'],
      {},
      '--existing-changes-only (EXISTING_CHANGES_ONLY) is given several times, with different values: give one of them.',
    ],
    [
      ['--ledger-path=a', '--persist_state_path=b'],
      {},
      '--ledger-path (LEDGER_PATH) is given different values by --ledger-path and by --persist_state_path: give one of them.',
    ],
    [
      [],
      { LEDGER_PATH: 'a', PERSIST_STATE_PATH: 'b' },
      '--ledger-path (LEDGER_PATH) is given different values by LEDGER_PATH and by PERSIST_STATE_PATH: give one of them.',
    ],
    [
      ['--dest-pwd=s3cret', '--dest-pwd-file=/s'],
      {},
      '--dest-pwd (DEST_PWD) is given by --dest-pwd and by --dest-pwd-file: give one of them.',
    ],
    [
      [],
      { DEST_PWD: 's3cret', DEST_PWD_FILE: '/s' },
      '--dest-pwd (DEST_PWD) is given by DEST_PWD and by DEST_PWD_FILE: give one of them.',
    ],
    [
      ['--config=/t.yml'],
      {},
      '--mode (MODE) is given several times, with different values: give one of them.',
    ],
  ])('is refused in one sentence: %j %j', async (argv, env, sentence) => {
    await expect(resolve(argv, env)).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message: sentence });
  });

  it('may repeat what means the same, and add to a list', async () => {
    const { values } = await resolve([
      ...['--dest-url=http://a', '--dest-url=http://a/', '--labels=a', '--labels=b'],
      ...[
        '--existing-changes-only',
        '--existing-changes-only=1',
        '--ledger-path=a',
        '--persist-state-path=a',
      ],
    ]);
    expect(values).toMatchObject({
      destUrl: 'http://a/',
      labels: ['a', 'b'],
      existingChangesOnly: true,
      ledgerPath: 'a',
    });
  });

  it('is no contradiction where one source wins over another, or the variable belongs to the system', async () => {
    const { values } = await resolve(['--dest-pwd=a'], {
      DEST_PWD_FILE: '/s',
      TIMEZONE: 'Europe/Berlin',
      TZ: 'UTC',
    });
    expect(values).toMatchObject({ destPwd: 'a', timezone: 'Europe/Berlin' });
  });
});
