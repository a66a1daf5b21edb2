import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, openTestbed, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { runProgram } from '../packaging/run-program.ts';
import { commandPath } from './command-path.ts';
import { brokenReports, complaintsAbout, hasValidators, notPart10 } from './validators.ts';

interface ManifestLine {
  readonly orthancId: string;
  readonly modality: string;
  readonly transferSyntaxUid: string;
  readonly bytes: number;
}

describe('the command, with one seed and whatever number of workers', () => {
  it('fills two Orthancs alike, and each shows every image', async () => {
    await using scene = await openScene();
    const manifests: string[] = [];
    for (const workers of [1, 8]) {
      await using orthanc = await (await openTestbed()).startOrthanc({ name: `with-${String(workers)}` });
      const manifest = `${String(workers)}.jsonl`;
      await scene.populate([
        ...['--url', orthanc.url, '--seed=42', '--studies=50', '--series=2', '--instances=5'],
        ...['--workers', String(workers), '--manifest', manifest],
      ]);
      const text = await readFile(scene.path(manifest), 'utf8');
      const lines = linesOf(text);
      expect(lines).toHaveLength(500);
      const held = await snapshotOrthanc(orthanc);
      expect(new Map([...held].map(([id, { bytes }]) => [id, bytes]))).toEqual(
        new Map(lines.map(({ orthancId, bytes }) => [orthancId, bytes])),
      );
      expect(await withoutPreview(orthanc, lines)).toEqual([]);
      manifests.push(text);
    }
    expect(manifests[1]).toBe(manifests[0]);
  });

  it('writes every transfer syntax that it names', async () => {
    await using scene = await openScene();
    await scene.populate([
      ...['--studies=40', '--series=1', '--instances=2', '--transfer-syntaxes=all', '--output=files'],
      ...['--image-width=16', '--image-height=16', '--manifest=made.jsonl'],
    ]);
    const made = linesOf(await readFile(scene.path('made.jsonl'), 'utf8'));
    expect(new Set(made.map(({ transferSyntaxUid }) => transferSyntaxUid)).size).toBe(7);
    expect(await filesIn(scene.path('files'))).toHaveLength(80);
  });

  const validated = hasValidators ? it : it.skip;
  validated('writes files of which no validator complains [needs dicom3tools and dcmtk]', async () => {
    await using scene = await openScene();
    await scene.populate(['--seed=42', '--studies=50', '--series=2', '--instances=5', '--output=slices']);
    // One image of a series is like the others of it: fewer, so that each kind of object comes several times.
    await scene.populate([
      ...['--seed=43', '--studies=300', '--series=1', '--instances=1', '--output=every'],
      ...['--modality=CT,MR,CR,DX,US,MG,PT,SC,SR,PDF', '--image-content-type=Phantom'],
      ...['--image-width=24', '--image-height=24', '--manifest=every.jsonl'],
    ]);
    const made = linesOf(await readFile(scene.path('every.jsonl'), 'utf8'));
    expect(new Set(made.map(({ modality }) => modality)).size).toBe(10);
    const [slices, every] = [await filesIn(scene.path('slices')), await filesIn(scene.path('every'))];
    expect([slices.length, every.length]).toEqual([500, 300]);
    const complaints = [...slices, ...every].map((path) => ({ path, ...complaintsAbout(path) }));
    expect(complaints.filter(({ errors, warnings }) => errors.length + warnings.length > 0)).toEqual([]);
    expect(notPart10([...slices, ...every])).toEqual([]);
    const reports = every.filter((_, at) => made[at]?.modality === 'SR');
    expect(reports.length).toBeGreaterThan(0);
    expect(brokenReports(reports)).toEqual([]);
  });
});

const linesOf = (manifest: string): ManifestLine[] =>
  manifest
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ManifestLine);

/** Names that sort as the manifest does. */
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.dcm'))
    .sort()
    .map((name) => join(folder, name));

const pngSignature = '89504e470d0a1a0a';

async function withoutPreview({ url }: RunningOrthanc, lines: readonly ManifestLine[]): Promise<string[]> {
  const without: string[] = [];
  for (const { orthancId } of lines) {
    const answer = await fetch(`${url}/instances/${orthancId}/preview`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok || bytes.toString('hex', 0, 8) !== pngSignature) without.push(orthancId);
  }
  return without;
}

async function openScene() {
  const folder = await mkdtemp(join(tmpdir(), 'populated-'));
  return {
    path: (name: string) => join(folder, name),
    /** Runs the built command to its end. */
    async populate(args: readonly string[]): Promise<void> {
      const { exitCode, stderr } = await runProgram(process.execPath, [commandPath, ...args], folder);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
