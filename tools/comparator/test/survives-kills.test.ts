import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, type SymbolItem, firstOf, openScene, shortly } from './comparison-scene.ts';

const command = fileURLToPath(new URL('../bin/orthanc-comparator.mjs', import.meta.url));

const shape = {
  studies: 40,
  seriesPerStudy: 1,
  instancesPerSeries: 2,
  studyDates: { from: '20000101', to: '20241231' },
} as const;

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
}

/** The built command in a process of its own, killed when it has logged so many items. */
function start(argv: readonly string[], killAfterItems = Infinity): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.split('"event":"item.compared"').length > killAfterItems) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout }));
  });
}

function argvFor(scene: Scene, ...more: readonly string[]): string[] {
  const days = ['--from-study-date=20000101', '--to-study-date=20241231'];
  const outputs = [
    `--items-json=${scene.path('items.jsonl')}`,
    `--items-csv=${scene.path('items.csv')}`,
    `--html-report=${scene.path('report.html')}`,
    `--state-folder=${scene.path('state')}`,
  ];
  return [`--url=${scene.orthanc.url}`, '--modality=pacs', '--level=Instance', ...days, ...outputs, ...more];
}

async function itemsIn(scene: Scene): Promise<SymbolItem[]> {
  const lines = (await readFile(scene.path('items.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as SymbolItem);
}

const idsOf = (study: SyntheticStudy) => firstOf(study).orthancIds();
const uidOf = (study: SyntheticStudy) => firstOf(study).identifiers.studyInstanceUid;

describe('a comparison that is killed', () => {
  it('again and again tells every study once, and goes on where a slice was done', async () => {
    await using scene = await openScene({ seed: 'killed', shape });
    const missing = scene.studies.filter((_, at) => at % 3 === 0);
    for (const study of missing) await scene.remove(scene.pacs.orthanc, 'studies', idsOf(study).study);
    for (const killAfter of [1, 2, 3]) {
      const { exitCode } = await start(argvFor(scene, '--relational-queries=false'), killAfter);
      expect(exitCode).toBeNull();
    }
    const last = await start(argvFor(scene));
    expect(last.exitCode).toBe(4);
    expect(last.stdout).toContain('"event":"comparison.resumed"');
    const items = await itemsIn(scene);
    expect(items.map(({ studyInstanceUid }) => studyInstanceUid).toSorted()).toEqual(
      scene.studies.map(uidOf).toSorted(),
    );
    expect(
      items
        .filter(({ symbol }) => symbol !== '=')
        .map(shortly)
        .toSorted(),
    ).toEqual(missing.map((study) => `+ study ${uidOf(study)}`).toSorted());
    const csv = (await readFile(scene.path('items.csv'), 'utf8')).trimEnd().split('\n');
    expect(csv).toHaveLength(1 + scene.studies.length);
    expect(await readFile(scene.path('report.html'), 'utf8')).toContain('14 differences were found.');
  });

  it('in the middle of a repair fetches nothing twice that has arrived', async () => {
    await using scene = await openScene({ seed: 'killed repair', shape });
    const missing = scene.studies.filter((_, at) => at % 3 === 0);
    for (const study of missing) await scene.remove(scene.orthanc, 'studies', idsOf(study).study);
    const repair = ['--retrieve-missing-from-orthanc'];
    for (const killAfter of [2, 4, 4]) await start(argvFor(scene, ...repair), killAfter);
    expect((await start(argvFor(scene, ...repair))).exitCode).toBe(0);
    expect((await snapshotOrthanc(scene.orthanc)).size).toBe(shape.studies * 2);
    const moved = (await scene.pacs.moves()).flatMap(({ uids }) => uids);
    // What was in hand at a kill may be asked for once more; what had arrived is not.
    expect(moved.length).toBeLessThanOrEqual(missing.length + 3);
    expect(new Set(moved)).toEqual(new Set(missing.map(uidOf)));
  });
});

describe('servers that are restarted meanwhile', () => {
  it('are waited for, and nothing is called missing', async () => {
    await using scene = await openScene({ seed: 'restarted', shape });
    const study = scene.studies[5] as SyntheticStudy;
    await scene.remove(scene.pacs.orthanc, 'studies', idsOf(study).study);
    await scene.orthanc.stop();
    await scene.pacs.orthanc.stop();
    let hasStarted = false;
    const days = ['--from-study-date=20000101', '--to-study-date=20241231'];
    const { found, exitCode } = await scene.run({
      argv: ['--level=Instance'],
      days,
      onOutput: (stdout) => {
        if (hasStarted || !stdout.includes('server.waited_for')) return;
        hasStarted = true;
        void scene.orthanc.start().then(() => scene.pacs.orthanc.start());
      },
    });
    expect(found).toEqual([`+ study ${uidOf(study)}`]);
    expect(exitCode).toBe(4);
  });
});
