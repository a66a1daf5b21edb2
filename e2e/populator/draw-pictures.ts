// node e2e/populator/draw-pictures.ts: what the README of the populator shows, as Orthanc renders it.
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { openTestbed } from '@orthanc-tools/orthanc-testbed';
import { runProgram } from '../packaging/run-program.ts';

const tool = fileURLToPath(new URL('../../tools/populator/', import.meta.url));
const side = 192;

interface ManifestLine {
  readonly orthancId: string;
  readonly modality: string;
  readonly study: number;
  readonly series: number;
}

/** The one in the middle of the first series of the modality: the first slice of a volume shows little. */
function pick(lines: readonly ManifestLine[], modality: string): ManifestLine | undefined {
  const first = lines.find((line) => line.modality === modality);
  const own = lines.filter(({ study, series }) => study === first?.study && series === first.series);
  return own[Math.floor(own.length / 2)];
}

const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
try {
  await using orthanc = await (await openTestbed()).startOrthanc({ name: 'pictures' });
  const manifest = join(folder, 'manifest.jsonl');
  const size = ['--image-width', String(side), '--image-height', String(side)];
  const words = ['--url', orthanc.url, '--studies', '60', '--seed', '8', '--manifest', manifest];
  const { exitCode, stderr } = await runProgram(
    process.execPath,
    [join(tool, 'bin/orthanc-populator.mjs'), ...words, '--image-content-type', 'Phantom', ...size],
    folder,
  );
  if (exitCode !== 0) throw new Error(stderr);
  const lines = (await readFile(manifest, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ManifestLine);
  await mkdir(join(tool, 'docs'), { recursive: true });
  for (const modality of ['CT', 'MR', 'CR', 'DX', 'US', 'MG', 'PT', 'OT']) {
    const image = pick(lines, modality);
    if (image === undefined) throw new Error(`No study of ${modality} was made`);
    const answer = await fetch(`${orthanc.url}/instances/${image.orthancId}/rendered`);
    if (!answer.ok) throw new Error(`${modality}: ${String(answer.status)}`);
    await writeFile(
      join(tool, 'docs', `${modality.toLowerCase()}.png`),
      new Uint8Array(await answer.arrayBuffer()),
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
