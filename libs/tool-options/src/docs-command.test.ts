import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

const command = fileURLToPath(new URL('docs-command.ts', import.meta.url));
const library = new URL('index.ts', import.meta.url).href;

// Each run is a process of its own, which a busy machine starts slowly.
jest.setTimeout(60_000);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docs-command-'));
  await mkdir(join(folder, 'src'));
  const source = `import { declareOptions, text } from '${library}';\nexport const toolOptions = declareOptions({ destUser: text({ describe: 'User.' }) });\n`;
  await writeFile(join(folder, 'src/options.ts'), source);
});

afterEach(() => rm(folder, { recursive: true }));

const readme = (between: string) =>
  writeFile(
    join(folder, 'README.md'),
    `# Tool\n\n<!-- options:start -->${between}<!-- options:end -->\n\nEnd.\n`,
  );

const run = (...words: string[]) =>
  new Promise<{ code: number; stderr: string }>((resolve) => {
    execFile(process.execPath, [command, folder, ...words], (error, _stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stderr });
    });
  });

describe('docs-command', () => {
  it('fails while the README differs, writes it, and is content from then on', async () => {
    await readme('\n');
    const before = await run();
    expect(before.code).toBe(1);
    expect(before.stderr).toContain('README.md does not show the options');
    expect(await run('--write')).toMatchObject({ code: 0 });
    expect(await run()).toEqual({ code: 0, stderr: '' });
    const written = await readFile(join(folder, 'README.md'), 'utf8');
    expect(written).toContain('| `--dest-user` | `DEST_USER` |  | User. |');
    expect(written.startsWith('# Tool\n')).toBe(true);
    expect(written.endsWith('<!-- options:end -->\n\nEnd.\n')).toBe(true);
  });

  it('says what is missing, without a stack', async () => {
    expect((await run()).stderr).toMatch(/^\S+README\.md: ENOENT[^\n]*\n$/);
    await writeFile(join(folder, 'README.md'), '# Tool\n');
    expect((await run()).stderr).toContain('needs the markers <!-- options:start -->');
    await writeFile(join(folder, 'src/options.ts'), 'export const toolOptions = {};\n');
    expect((await run()).stderr).toContain('exports nothing that ends in "Options"');
  });
});
