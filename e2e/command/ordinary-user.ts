import { chown, copyFile, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type CommandPlace, builtTool } from './running-command.ts';

const nobody = { uid: 65534, gid: 65534 };

/**
 * The built tool as an ordinary user starts it. Root, whom no permission stops, gives it to another user, with a copy of
 * all it needs in a folder that everybody may read.
 */
export async function forOrdinaryUser(tool: string, folder: string): Promise<CommandPlace> {
  const built = builtTool(tool);
  if (process.getuid?.() !== 0) return built;
  const place = join(folder, 'command');
  const root = dirname(dirname(built.command));
  for (const part of ['bin', 'dist', 'package.json'])
    await cp(join(root, part), join(place, part), { recursive: true });
  await mkdir(join(place, 'node'));
  const [node, hook] = [join(place, 'node', 'node'), join(place, 'node', 'peak-memory.mjs')];
  await copyFile(built.node, node);
  await copyFile(built.hook, hook);
  return { command: join(place, 'bin', `orthanc-${tool}.mjs`), node, hook, user: nobody };
}

/** A folder in which that user may write. */
export async function folderOf({ user }: CommandPlace, path: string): Promise<void> {
  await mkdir(path);
  if (user !== undefined) await chown(path, user.uid, user.gid);
}
