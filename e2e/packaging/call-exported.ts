import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { InstalledPackage } from './installed-package.ts';

interface ExportedCall {
  readonly tool: string;
  /** The name of the function. */
  readonly call: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Calls what a package exports from a script in the folder where it is installed; gives what the function gives. */
export async function callExported(
  { folder, run }: InstalledPackage,
  { tool, call, options }: ExportedCall,
): Promise<unknown> {
  await writeFile(
    join(folder, 'call.mjs'),
    `import { ${call} } from '@orthanc-tools/${tool}';
       const { exitCode, summary } = await ${call}(${JSON.stringify(options)});
       console.log(JSON.stringify({ exitCode, summary }));`,
  );
  const { exitCode, stdout } = await run('node', ['--disable-warning=ExperimentalWarning', 'call.mjs']);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}
