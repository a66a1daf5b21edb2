import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { seedOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { changeOneInstance } from './change-one-instance.ts';
import { type Scene, openScene } from './clone-scene.ts';

const verify = (scene: Scene, ...more: string[]) =>
  scene.run({
    argv: ['verify', `--source-url=${scene.toSource.url}`, `--dest-url=${scene.toDestination.url}`, ...more],
  });

interface Found {
  readonly areEqual: boolean;
  readonly comparison: Readonly<Record<string, unknown>>;
  readonly differences: readonly { kind: string; study: string; instance: string }[];
}

describe('verify', () => {
  it('says that a clone is one, and changes nothing', async () => {
    await using scene = await openScene({ seed: 1301, studies: 23 });
    await scene.run();
    scene.toDestination.forget();
    const { exitCode, stdout } = await verify(scene);
    expect(stdout).toContain(`Equal: 23 studies, ${String(scene.instances)} instances`);
    expect(exitCode).toBe(0);
    const writing = scene.toDestination.requests.filter(
      ({ method, path }) => method !== 'GET' && !/^\/tools\/(find|bulk-content)/.test(path),
    );
    expect(writing).toEqual([]);
  });

  it('tells what is only here, only there and different, on the terminal, in JSON and in CSV', async () => {
    await using scene = await openScene({
      seed: 1302,
      studies: 4,
      destination: { configuration: { OverwriteInstances: 'Always' } },
    });
    await scene.run();
    const changed = await changeOneInstance(scene.source, scene.destination);
    const held = [...(await snapshotOrthanc(scene.destination)).keys()];
    const missing = held.find((id) => id !== changed) ?? '';
    await fetch(`${scene.destination.url}/instances/${missing}`, { method: 'DELETE' });
    const [further] = synthesizeArchive({ seed: 1303, studies: 1, seriesPerStudy: 1, instancesPerSeries: 2 });
    const files = [...(further?.instances() ?? [])];
    await seedOrthanc(
      scene.destination,
      files.map(({ bytes }) => bytes),
    );
    const csv = join(scene.folder, 'differences.csv');
    const { exitCode, stdout } = await verify(scene, '--json', `--csv=${csv}`);
    expect(exitCode).toBe(4);
    const found = JSON.parse(stdout) as Found;
    expect(found.comparison).toMatchObject({
      studies: 4,
      instances: scene.instances,
      equal: scene.instances - 2,
      differences: { 'only-here': 1, 'only-there': 2, 'other-content': 1, 'without-file': 0 },
    });
    const told = found.differences.map(({ kind, instance }) => `${kind} ${instance}`).toSorted();
    const expected = [
      `only-here ${missing}`,
      `other-content ${changed}`,
      ...files.map((file) => `only-there ${file.orthancIds().instance}`),
    ];
    expect(told).toEqual(expected.toSorted());
    const lines = (await readFile(csv, 'utf8')).trim().split('\n');
    expect(lines[0]).toBe('Difference,Study,Instance');
    expect(lines).toHaveLength(5);
    const text = await verify(scene);
    expect(text.stdout).toContain('DIFFERENT');
    expect(text.stdout).toContain(missing);
  });

  it('says which options are missing', async () => {
    await using scene = await openScene({ seed: 1304, studies: 1 });
    const { exitCode, stderr } = await scene.run({ argv: ['verify', `--source-url=${scene.toSource.url}`] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--dest-url');
  });

  it.each([
    ['--source-url', 'SOURCE_URL', 'source'],
    ['--dest-url', 'DEST_URL', 'destination'],
  ] as const)('says by which option it does not reach a server: %s', async (flag, variable, which) => {
    await using scene = await openScene({ seed: 1306, studies: 1 });
    await scene[which].stop();
    const argv = ['verify', `--source-url=${scene.source.url}`, `--dest-url=${scene.destination.url}`];
    const { exitCode, stderr } = await scene.run({ argv });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Check ${flag} (${variable})`);
  });
});
