import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { madeInstances } from './made-instance.ts';
import { openManifest } from './open-manifest.ts';

const { synthesizeArchive } = await import('@orthanc-tools/dicom-synthesis');

const shape = { seriesPerStudy: 1, instancesPerSeries: 3, imageSize: 2 };
const instances = [...madeInstances(synthesizeArchive({ seed: 1, studies: 1, ...shape }))];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (path: string, meanwhile: () => void = () => undefined): void => {
  using manifest = openManifest(path);
  for (const made of instances) manifest.add(made);
  meanwhile();
};

it('leaves a former manifest as it is until the run ends, however it ends', () => {
  const path = join(folder, 'm.jsonl');
  writeFileSync(path, 'former');
  const failing = () => {
    write(path, () => {
      expect(readFileSync(path, 'utf8')).toBe('former');
      throw new Error('ended');
    });
  };
  expect(failing).toThrow('ended');
  expect(readFileSync(path, 'utf8').match(/\n/g)).toHaveLength(3);
  expect(readdirSync(folder)).toEqual(['m.jsonl']);
});

it('writes through a link, and to what is no file as it is', () => {
  symlinkSync('real.jsonl', join(folder, 'link'));
  writeFileSync(join(folder, 'real.jsonl'), '');
  write(join(folder, 'link'));
  expect(readFileSync(join(folder, 'real.jsonl'), 'utf8').match(/\n/g)).toHaveLength(3);
  expect(readdirSync(folder).sort()).toEqual(['link', 'real.jsonl']);
  write('/dev/null');
});

it('writes to a pipe, which a path leads to and no path leads on from', () => {
  const script = `
    const { synthesizeArchive } = await import('@orthanc-tools/dicom-synthesis');
    const { madeInstances } = await import('./made-instance.ts');
    const { openManifest } = await import('./open-manifest.ts');
    const manifest = openManifest('/dev/stdout');
    for (const made of madeInstances(synthesizeArchive(${JSON.stringify({ seed: 1, studies: 1, ...shape })}))) manifest.add(made);
    manifest[Symbol.dispose]();`;
  const pipeline = '"$0" --no-warnings --input-type=module --eval "$1" | cat';
  const { stdout } = spawnSync('sh', ['-c', pipeline, process.execPath, script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(stdout.match(/\n/g)).toHaveLength(3);
});

it('is refused at once where it cannot be written', () => {
  expect(() => openManifest(folder)).toThrow('--manifest (MANIFEST)');
  writeFileSync(join(folder, 'file'), '');
  expect(() => openManifest(join(folder, 'file', 'm.jsonl'))).toThrow('--manifest (MANIFEST)');
});
