import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { type Scene, openScene } from './clean-scene.ts';

const rules = { rules: [{ name: 'old', labels: ['A'], olderThan: '10 days', by: 'study-date' }] };

/** With the ledger where it lies by itself. */
const lineOf = ({ folder }: Scene, url: string, more: readonly string[] = []): readonly string[] => [
  `--url=${url}`,
  `--labels-file-path=${join(folder, 'rules.json')}`,
  `--report=${join(folder, 'report.json')}`,
  '--max-percent=100',
  '--once',
  ...more,
];

/** One study from which somebody has taken the label of the quarantine, as the run knows that was made by this address. */
async function objectedScene(): Promise<Scene> {
  const scene = await openScene();
  await scene.make({ name: 'due', labels: ['A'] });
  const argv = lineOf(scene, scene.orthanc.url, ['--quarantine-days=14']);
  expect((await scene.run({ rules, argv })).summary).toMatchObject({ quarantinedStudies: 1 });
  await scene.send('DELETE', `/studies/${scene.ids.get('due') ?? ''}/labels/to-be-deleted`);
  expect((await scene.run({ rules, argv })).summary).toMatchObject({ releasedStudies: 1 });
  return scene;
}

it('an objection is not forgotten where the same Orthanc is named by another address', async () => {
  await using scene = await objectedScene();
  const state = join(scene.folder, '.local/state/orthanc-tools');
  const [known = ''] = (await readdir(state)).filter((name) => name.endsWith('.ledger.sqlite'));
  await writeFile(join(state, 'cleaner-0.ledger.sqlite'), 'not a ledger');
  for (const more of [[], ['--dry-run']]) {
    const argv = lineOf(scene, scene.proxy.url, more);
    const { exitCode, stdout, stderr } = await scene.run({ argv });
    expect([exitCode, stdout + stderr]).toEqual([2, expect.stringContaining('LEDGER_OF_SAME_ORTHANC')]);
    expect(stdout + stderr).toContain(join(state, known));
    expect(stdout + stderr).toContain('--ledger-path (LEDGER_PATH)');
  }
  expect(await scene.held()).toEqual(['due']);
  // Told by the first answer, whatever comes of a later question.
  let asked = 0;
  const isLater = ({ path }: { path: string }) => path === '/system' && (asked += 1) > 1;
  const letAnswer = scene.proxy.addFault({ effect: 'answer', status: 503, matching: isLater });
  const doctor = await scene.run({ argv: ['doctor', ...lineOf(scene, scene.proxy.url)] });
  letAnswer();
  expect(doctor.stdout).toMatch(/problem +same orthanc/i);
  expect((await scene.run({ argv: lineOf(scene, scene.orthanc.url) })).exitCode).toBe(0);
  expect(await scene.held()).toEqual(['due']);
});

it('another ledger that cannot be read is not taken for one of another Orthanc', async () => {
  await using scene = await objectedScene();
  const state = join(scene.folder, '.local/state/orthanc-tools');
  await mkdir(join(state, 'cleaner-0.ledger.sqlite'));
  const { exitCode, stdout, stderr } = await scene.run({ argv: lineOf(scene, scene.proxy.url) });
  expect([exitCode, stdout + stderr]).toEqual([2, expect.stringContaining('LEDGER_UNWRITABLE')]);
  expect(stdout + stderr).toContain('--ledger-path (LEDGER_PATH)');
  const doctor = await scene.run({ argv: ['doctor', ...lineOf(scene, scene.proxy.url)] });
  expect(doctor.stdout).toMatch(/problem +same orthanc.*cannot be used/i);
  expect(await scene.held()).toEqual(['due']);
});

it('a ledger that is named by a person is taken as it is', async () => {
  await using scene = await objectedScene();
  const ledger = `--ledger-path=${join(scene.folder, 'own.ledger.sqlite')}`;
  expect((await scene.run({ argv: lineOf(scene, scene.proxy.url, [ledger]) })).exitCode).toBe(0);
  expect(await scene.held()).toEqual([]);
});
