import { constants } from 'node:fs';
import { access, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { nameOf } from '@orthanc-tools/tool-options';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { finderFor } from './finding.ts';

interface Places {
  readonly output: string | undefined;
  readonly manifest: string | undefined;
}

/** Whether the folder and the file that are asked for can be written. Leaves nothing there. */
export async function examinePlaces({ output, manifest }: Places): Promise<DoctorFinding[]> {
  return [
    ...(output === undefined ? [] : [await writingFinding('output', output)]),
    ...(manifest === undefined ? [] : [await writingFinding('manifest', manifest)]),
  ];
}

async function writingFinding(option: keyof Places, path: string): Promise<DoctorFinding> {
  const find = finderFor(option);
  const wanted = resolve(path);
  try {
    if (option === 'manifest') await fileWritable(wanted);
    const folder = await nearestFolder(option === 'manifest' ? dirname(wanted) : wanted);
    // Permissions alone do not tell: the file system may be read-only or somebody else's.
    await rmdir(await mkdtemp(join(folder, '.doctor-')));
    const { bavail, bsize } = await statfs(folder);
    const free = Math.round((bavail * bsize) / 1e6).toLocaleString('en-US');
    return find('writing', 'ok', `${path} can be written, ${free} MB are free`);
  } catch (error) {
    const found = `${path} cannot be written (${String((error as { code?: unknown }).code)})`;
    return find('writing', 'problem', found, `Give another place with ${nameOf(option)}.`);
  }
}

async function fileWritable(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true)
    throw Object.assign(new Error('a folder is in its place'), { code: 'EISDIR' });
  if (there !== undefined) await access(path, constants.W_OK);
}

/** The folder, or the one in which a run would make it. */
async function nearestFolder(folder: string): Promise<string> {
  const there = await stat(folder).catch((error: unknown) => {
    const isMissing = (error as { code?: unknown }).code === 'ENOENT' && dirname(folder) !== folder;
    if (!isMissing) throw error;
    return undefined;
  });
  return there === undefined ? nearestFolder(dirname(folder)) : folder;
}
