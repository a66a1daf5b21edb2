import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readIdentifiers } from '@orthanc-tools/dicom-files';
import { canMount, mountSmallDisk } from '../cloner/small-disk.ts';
import { commandPath } from './command-path.ts';
import { runProgram } from '../packaging/run-program.ts';

const withDisk = canMount() ? it : it.skip;

withDisk('leaves no broken file in a folder that is full [may mount]', async () => {
  using disk = mountSmallDisk(1024);
  if (disk === undefined) throw new Error('the disk cannot be mounted');
  const args = ['--studies=20', '--series=1', '--instances=50', '--output=files'];
  const { exitCode, stderr } = await runProgram(process.execPath, [commandPath, ...args], disk.folder);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^orthanc-populator: --output \(OUTPUT\): .+ cannot be written\./);
  const names = await readdir(join(disk.folder, 'files'), { recursive: true });
  const files = names.filter((name) => name.includes('instance-'));
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((name) => !name.endsWith('.dcm'))).toEqual([]);
  const sizes = new Set<number>();
  for (const name of files) {
    const bytes = await readFile(join(disk.folder, 'files', name));
    readIdentifiers(bytes);
    sizes.add(bytes.length);
  }
  expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) * 0.9);
});
