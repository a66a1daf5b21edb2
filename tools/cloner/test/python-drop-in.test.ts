import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openScene } from './clone-scene.ts';
import { hurriedClock } from './hurried-clock.ts';

// As the Python tool's documentation has them, letter by letter.
const commandLine =
  '--source_url=http://192.168.0.10:8042 --source_user=user --source_pwd=pwd --dest_url=http://192.168.0.10:8042 --dest_user=user --dest_pwd=pwd --run_only_at_night_and_weekend=true --night_start_hour=19 --night_end_hour=6';

const environmentBlock = `
            TZ: "Etc/UTC"
            RUN_ONLY_AT_NIGHT_AND_WEEKEND: "true"
            NIGHT_START_HOUR: "15"
            NIGHT_END_HOUR: "6"
            SOURCE_URL: "http://orthanc-a:8042"
#            SOURCE_USER: "user"
#            SOURCE_PWD: "pwd"
            DEST_URL: "http://orthanc-b:8042"
#            DEST_USER: "user"
#            DEST_PWD: "pwd"
            MODE: "Default"
            PERSIST_STATE_PATH: "/status/status.txt"
            WORKER_THREADS_COUNT: "6"
#            VERBOSE_ENABLED: "true"
            ERROR_FOLDER_PATH: "/status"
            MAX_RETRIES: "3"
`;

const variablesIn = (block: string) =>
  Object.fromEntries(
    [...block.matchAll(/^ +([A-Z_]+): "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]),
  );

/** Noon on a Tuesday: outside the hours of both examples. */
const noon = new Date('2026-11-24T12:00:00Z');

describe('what the Python tool documents', () => {
  it('runs the command line: the same server twice is warned of, everything is proved, exit 0', async () => {
    const configuration = { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } };
    await using scene = await openScene({
      seed: 301,
      studies: 3,
      source: { configuration },
      credentials: { user: 'user', password: 'pwd' },
    });
    const argv = commandLine
      .replaceAll('http://192.168.0.10:8042', scene.toSource.url.replace(/\/$/, ''))
      .split(' ');
    const clock = hurriedClock(noon);
    const env = { TZ: 'Etc/UTC', XDG_STATE_HOME: scene.folder };
    const { exitCode, stdout, stderr } = await scene.run({ argv, env, clock });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('destination.is_source');
    expect(stdout).toContain(`"alreadyThereInstances":${String(scene.instances)}`);
    expect(clock.passedOver).toBeGreaterThan(6.9 * 3600_000);
    expect(stdout).not.toContain('pwd"');
    const kept = await readdir(join(scene.folder, 'orthanc-tools'));
    expect(kept).toContainEqual(expect.stringMatching(/^cloner-[0-9a-f]{12}\.ledger\.sqlite$/));
  });

  it('runs the environment block of the compose file, and follows', async () => {
    await using scene = await openScene({ seed: 302, studies: 4 });
    const ending = new AbortController();
    const env = variablesIn(environmentBlock);
    expect(Object.keys(env)).toHaveLength(11);
    const { exitCode, stdout, stderr } = await scene.run({
      argv: [],
      env: {
        ...env,
        SOURCE_URL: scene.toSource.url,
        DEST_URL: scene.toDestination.url,
        PERSIST_STATE_PATH: env['PERSIST_STATE_PATH']?.replace('/status', scene.folder) ?? '',
        ERROR_FOLDER_PATH: scene.folder,
      },
      clock: hurriedClock(noon),
      signal: ending.signal,
      onOutput: (printed) => {
        if (printed.split('"study.verified"').length > 4) ending.abort();
      },
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(130);
    expect(stdout).toContain('tool.paused');
    expect(await scene.differences()).toEqual([]);
  });

  it('reads the state file of the Python tool, never writes it, and proves again what it claims', async () => {
    await using scene = await openScene({ seed: 303, studies: 3 });
    const state = join(scene.folder, 'status.txt');
    await writeFile(state, '4711');
    const { exitCode, stdout } = await scene.run({
      argv: [
        `--source_url=${scene.toSource.url}`,
        `--dest_url=${scene.toDestination.url}`,
        `--persist_state_path=${state}`,
        '--existing_changes_only',
      ],
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"sequence":4711');
    expect(await readFile(state, 'utf8')).toBe('4711');
    expect(await scene.differences()).toEqual([]);
  });
});
