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
      'a peer that nobody names',
      ['--source-url=http://a', '--mode=Peering'],
      '--mode (MODE) Peering needs --dest-peer (DEST_PEER), or --dest-url (DEST_URL) by which the peer is found.',
    ],
    [
      'a modality that nobody names',
      ['--source-url=http://a', '--mode=dicom'],
      '--dest-dicom (DEST_DICOM) is required with --mode (MODE) = Dicom.',
    ],
    [
      'a label that is none',
      ['--source-url=http://a', '--dest-url=http://b', '--success-label=all done'],
      '--success-label (SUCCESS_LABEL) must be a label',
    ],
    [
      'a folder for errors that cannot be made',
      ['--source-url=http://127.0.0.1:9', '--dest-url=http://127.0.0.1:9', '--error-folder-path=/proc/x'],
      '--error-folder-path (ERROR_FOLDER_PATH): the folder "/proc/x" cannot be made.',
    ],
    [
      'half of a user and password',
      ['--source-url=http://a', '--dest-url=http://b', '--source-pwd=secret-word'],
      '--source-user (SOURCE_USER) is required with --source-pwd (SOURCE_PWD)',
    ],
    [
      'two sources',
      ['--source-url=http://a', '--source_url=http://c', '--dest-url=http://b'],
      '--source-url (SOURCE_URL) is given different values by --source-url and by --source_url',
    ],
    [
      'two ledgers',
      ['--source-url=http://a', '--dest-url=http://b', '--ledger-path=x', '--persist_state_path=y'],
      '--ledger-path (LEDGER_PATH) is given different values',
    ],
    [
      'a ledger that is a folder',
      ['--source-url=http://a', '--dest-url=http://b', '--ledger-path=/etc'],
      '--ledger-path (LEDGER_PATH) names the folder "/etc"',
    ],
    [
      'a flag in capitals',
      ['--SOURCE_URL=http://a', '--dest-url=http://b'],
      'orthanc-cloner: --SOURCE_URL is not an option. Did you mean --source-url?',
    ],
    [
      'a report that is a folder',
      ['--source-url=http://127.0.0.1:9', '--dest-url=http://127.0.0.1:9', '--report=/etc'],
      '--report (REPORT): "/etc" is a folder',
    ],
    [
      'a ledger that is not there',
      ['status', '--ledger-path=/nowhere/x.sqlite'],
      'There is no ledger at /nowhere/x.sqlite: nothing was started with it yet. Which one is meant, say with --source-url (SOURCE_URL), --dest-url (DEST_URL), --dest-peer (DEST_PEER), --dest-dicom (DEST_DICOM) or --ledger-path (LEDGER_PATH).',
    ],
    [
      'a server that is not there',
      ['--source-url=http://127.0.0.1:9', '--dest-url=http://127.0.0.1:9', '--existing-changes-only'],
      'cannot be reached (ECONNREFUSED). Check --source-url (SOURCE_URL), and whether that Orthanc runs.',
    ],
    ['a ledger that nobody names', ['requeue', '--all'], 'Which ledger? Give --ledger-path (LEDGER_PATH)'],
  ])('is one clear sentence and exit 2 for %s', async (_, argv, sentence) => {
    await using scene = await openScene({ seed: 401, studies: 1 });
    const { exitCode, stderr } = await scene.run({ argv });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(3);
  });

  it('names the key under which nothing is set aside, and warns of hours without an effect', async () => {
    await using scene = await openScene({ seed: 403, studies: 1 });
    const ledger = `--ledger-path=${scene.ledgerPath}`;
    const run = await scene.run({
      argv: [
        `--source-url=${scene.toSource.url}`,
        `--dest-url=${scene.toDestination.url}`,
        ...[ledger, '--existing-changes-only', '--night-start-hour=15'],
      ],
    });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('--night-start-hour (NIGHT_START_HOUR) has no effect without');
    const requeue = await scene.run({ argv: ['requeue', '--key=nonsense', ledger] });
    expect([requeue.exitCode, requeue.stderr]).toEqual([
      2,
      'orthanc-cloner: Nothing is set aside under the key nonsense. "orthanc-cloner status" shows what is. [REQUEUE_FOUND_NOTHING]\n',
    ]);
  });

  it('is one clear sentence and exit 2 for a ledger whose folder cannot be made', async () => {
    await using scene = await openScene({ seed: 404, studies: 1 });
    const { exitCode, stderr } = await scene.run({
      argv: [
        ...scene.usualArguments.filter((a) => !a.startsWith('--ledger-path')),
        '--ledger-path=/proc/x/l.sqlite',
      ],
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
