import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type RunRequest, type Scene, openScene } from './forward-scene.ts';

// As the Python tool's documentation has it, letter by letter: everything after the name of the module.
const commandLine =
  '--source_url=http://192.168.0.10:8042 --source_user=user --source_pwd=pwd --destination=target_modality_alias --trigger=StableStudy';

// Every variable of the Python tool, with its defaults.
const variables = {
  SOURCE_USER: 'user',
  SOURCE_PWD: 'pwd',
  DESTINATION: 'target_modality_alias',
  WORKER_THREADS_COUNT: '1',
  POLLING_INTERVAL: '1',
  TRIGGER: 'StableStudy',
  MODE: 'dicom',
};

const guarded = {
  inbox: { configuration: { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } } },
  credentials: { user: 'user', password: 'pwd' },
};

const open = (seed: number) => openScene({ seed, ...guarded, destinations: { target_modality_alias: {} } });

/** It follows for ever, as the Python tool does: ended when everything has been deleted. */
async function runUntilDeleted(scene: Scene<'target_modality_alias'>, request: RunRequest) {
  const ending = new AbortController();
  const run = await scene.run({
    ...request,
    signal: ending.signal,
    onOutput: (printed) => {
      if (printed.split('"unit.deleted"').length > 2) ending.abort();
    },
  });
  expect([run.exitCode, run.stderr]).toEqual([130, '']);
  expect(await scene.held(scene.destinations.target_modality_alias)).toEqual(scene.sent);
  expect(await scene.held(scene.inbox)).toEqual([]);
  return run;
}

describe('what the Python tool documents', () => {
  it.each([
    ['with _', commandLine],
    ['with -', commandLine.replaceAll('source_', 'source-')],
  ])('runs the command line, but for the address: %s', async (_, line) => {
    await using scene = await open(821);
    const argv = line.replace('http://192.168.0.10:8042', scene.proxy.url.replace(/\/$/, '')).split(' ');
    await runUntilDeleted(scene, { argv });
    const kept = await readdir(join(scene.folder, '.local/state/orthanc-tools'));
    expect(kept).toContainEqual(expect.stringMatching(/^forwarder-[0-9a-f]{12}\.ledger\.sqlite$/));
  });

  it('runs with every variable of the Python tool', async () => {
    await using scene = await open(822);
    await runUntilDeleted(scene, { argv: [], env: { ...variables, SOURCE_URL: scene.proxy.url } });
  });

  it.each(['dicom-series-by-series', 'dicom-web', 'dicom-web-series-by-series'])(
    'knows its mode %s',
    async (mode) => {
      await using scene = await open(823);
      await runUntilDeleted(scene, {
        argv: [],
        env: { ...variables, MODE: mode, SOURCE_URL: scene.proxy.url },
      });
    },
  );

  it('keeps with the mode peering what the Python tool would delete unproved', async () => {
    await using scene = await open(824);
    const env = { ...variables, MODE: 'peering', SOURCE_URL: scene.proxy.url, EXISTING_CHANGES_ONLY: 'true' };
    const { exitCode, stdout } = await scene.run({ argv: [], env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('destination.unprovable');
    expect(await scene.held(scene.destinations.target_modality_alias)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });
});
