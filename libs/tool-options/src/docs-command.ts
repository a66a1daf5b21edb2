// Checks the option table in a tool's README, or writes it: node docs-command.ts tools/cloner [--write]
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tableExportedBy, withOptions } from './readme-options.ts';

async function told<Result>(path: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function bringUpToDate(folder: string, mayWrite: boolean): Promise<string | undefined> {
  const source = join(folder, 'src/options.ts');
  const readme = join(folder, 'README.md');
  const table = await told(source, async () =>
    tableExportedBy((await import(pathToFileURL(resolve(source)).href)) as object),
  );
  const before = await told(readme, () => readFile(readme, 'utf8'));
  const after = await told(readme, () => withOptions(before, table));
  if (before === after) return undefined;
  if (!mayWrite)
    return `${readme} does not show the options that ${source} declares: run "npx nx docs ${folder}".`;
  await writeFile(readme, after);
  return undefined;
}

const [folder, mode] = process.argv.slice(2);
if (folder === undefined || (mode !== undefined && mode !== '--write')) {
  console.error('usage: node docs-command.ts FOLDER_OF_TOOL [--write]');
  process.exitCode = 2;
} else {
  try {
    const complaint = await bringUpToDate(folder, mode === '--write');
    if (complaint !== undefined) throw new Error(complaint);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
