import { describe, expect, it } from '@jest/globals';
import { syntheticPatientNames } from '@orthanc-tools/dicom-synthesis';
import { openScene } from './clone-scene.ts';

describe('what the cloner prints', () => {
  it.each([
    [
      'a server that is not there',
      ['--source-url=http://127.0.0.1:9', '--dest-url=http://127.0.0.1:9', '--existing-changes-only'],
      'cannot be reached',
    ],
    ['no destination', ['--source-url=http://127.0.0.1:9'], '--dest-url (DEST_URL) is required'],
    [
      'a mode that is none',
      ['--source-url=http://a', '--dest-url=http://b', '--mode=fast'],
      '--mode (MODE) must be',
    ],
    [
      'a folder for errors that cannot be made',
      ['--source-url=http://127.0.0.1:9', '--dest-url=http://127.0.0.1:9', '--error-folder-path=/proc/x'],
      '--error-folder-path (ERROR_FOLDER_PATH): the folder "/proc/x" cannot be made.',
    ],
  ])('is one clear sentence and exit 2 for %s', async (_, argv, sentence) => {
    await using scene = await openScene({ seed: 401, studies: 1 });
    const { exitCode, stderr } = await scene.run({ argv });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('is one clear sentence and exit 2 for a ledger whose folder cannot be made', async () => {
    await using scene = await openScene({ seed: 403, studies: 1 });
    const { exitCode, stderr } = await scene.run({
      argv: [...scene.usualArguments, '--ledger-path=/proc/x/l.sqlite'],
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--ledger-path (LEDGER_PATH): the folder "/proc/x" cannot be made.');
  });

  it('holds no password, no key and no name of a patient', async () => {
    const configuration = { AuthenticationEnabled: true, RegisteredUsers: { user: 'secret-word-1' } };
    await using scene = await openScene({
      seed: 402,
      source: { configuration },
      credentials: { user: 'user', password: 'secret-word-1' },
      studies: 8,
    });
    const run = (password: string) =>
      scene.run({
        argv: [
          `--source-url=${scene.toSource.url}`,
          '--source-user=user',
          `--dest-url=${scene.toDestination.url}`,
          '--dest-header=x-token: secret-word-2',
          '--existing-changes-only',
          '--log-level=debug',
          `--ledger-path=${scene.folder}/l.sqlite`,
          `--report=${scene.folder}/report.json`,
        ],
        env: { SOURCE_PWD: password },
      });
    const [good, bad] = [await run('secret-word-1'), await run('secret-word-3')];
    expect(good.exitCode).toBe(0);
    expect(bad.exitCode).toBe(2);
    expect(bad.stderr).toContain('401');
    const printed = [good, bad].map((one) => one.stdout + one.stderr + JSON.stringify(one.report)).join();
    expect(printed).not.toContain('secret-word');
    for (const name of syntheticPatientNames({ seed: 402, studies: 8 })) expect(printed).not.toContain(name);
  });
});
