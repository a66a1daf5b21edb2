// Writes the types of what a tool exports: node tools/declare.ts tools/cloner. One file without imports of libraries, as those
// are not published; the options stand in it one by one, each with what --help says of it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tableExportedBy } from '../libs/tool-options/src/readme-options.ts';
import { declarationsOf } from './write-declarations.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: declare.ts FOLDER_OF_TOOL');
const options = (await import(pathToFileURL(resolve(folder, 'src/options.ts')).href)) as object;
await mkdir(join(folder, 'dist'), { recursive: true });
await writeFile(
  join(folder, 'dist/index.d.mts'),
  declarationsOf(join(folder, 'src/index.ts'), tableExportedBy(options)),
);
