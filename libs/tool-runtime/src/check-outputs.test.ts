import { link, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configFile, declareOptions, filePath, resolveOptions, secret } from '@orthanc-tools/tool-options';
import { checkOutputs } from './check-outputs.ts';

const table = declareOptions({
  report: filePath({ describe: 'Result.', written: 'anew' }),
  page: filePath({ describe: 'Result as a page.', written: 'anew' }),
  ledgerPath: filePath({ describe: 'Record.', written: 'in place' }),
  otherLog: filePath({ describe: 'Log.', written: 'in place' }),
  patients: filePath({ describe: 'List.' }),
  authorities: filePath({ describe: 'Certificates.' }),
  otherAuthorities: filePath({ describe: 'Certificates.' }),
  password: secret({ describe: 'Password.' }),
  config: configFile({ describe: 'Options.' }),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outputs-'));
  await writeFile(join(folder, 'list.txt'), 'x');
  await link(join(folder, 'list.txt'), join(folder, 'other-name.txt'));
  await writeFile(join(folder, 'options.yml'), '');
});
afterEach(() => rm(folder, { recursive: true }));

async function check(given: Readonly<Record<string, string>>, own: readonly string[] = []): Promise<void> {
  const argv = Object.entries(given).map(([flag, name]) => `--${flag}=${join(folder, name)}`);
  await checkOutputs(table, await resolveOptions(table, { argv, env: {} }), own);
}

describe('what is written takes the place of nothing that the run reads or writes', () => {
  it.each([
    [{ page: 'a.sqlite', 'ledger-path': 'a.sqlite' }, /--page \(PAGE\) names the same file as --ledger-path/],
    [{ report: 'r.json', page: './r.json' }, /--report \(REPORT\) names the same file as --page/],
    [{ report: 'list.txt', patients: 'list.txt' }, /--report \(REPORT\) names the same file as --patients/],
    [{ report: 'other-name.txt', patients: 'list.txt' }, /names the same file as --patients/],
    [{ report: 'options.yml', config: 'options.yml' }, /--report \(REPORT\) names the same file as --config/],
    [
      { page: 'list.txt', 'password-file': 'other-name.txt' },
      /--page \(PAGE\): ".*" is another file of this run/,
    ],
  ])('refuses %j', async (given, message) => {
    const failure = check(given);
    await expect(failure).rejects.toMatchObject({ kind: 'configuration', code: 'OUTPUT_MISPLACED' });
    await expect(failure).rejects.toThrow(message);
  });

  it('refuses what the tool knows besides, also where it is not there yet', async () => {
    const trail = join(folder, 'trail.jsonl');
    await expect(check({ report: 'trail.jsonl' }, [trail])).rejects.toMatchObject({
      code: 'OUTPUT_MISPLACED',
    });
    await expect(check({ report: 'r.json', page: 'p.html' }, [trail])).resolves.toBeUndefined();
  });

  it.each(['/dev/null', tmpdir()])('puts no file in the place of %s', async (path) => {
    const resolved = await resolveOptions(table, { argv: [`--report=${path}`], env: {} });
    await expect(checkOutputs(table, resolved)).rejects.toMatchObject({ code: 'OUTPUT_MISPLACED' });
  });

  it('lets several write to what is no file, and none put a file in its place', async () => {
    await symlink('/dev/null', join(folder, 'device'));
    await expect(check({ 'ledger-path': 'device', 'other-log': 'device' })).resolves.toBeUndefined();
    await expect(check({ page: 'device' })).rejects.toMatchObject({ code: 'OUTPUT_MISPLACED' });
  });

  it('knows a file that is not there yet by the folder behind a link', async () => {
    await symlink(folder, join(folder, 'link'));
    await expect(check({ page: 'p.html', report: 'link/p.html' })).rejects.toMatchObject({
      code: 'OUTPUT_MISPLACED',
    });
  });

  it('takes what the tool knows besides for the option that names it', async () => {
    const ledger = join(folder, 'a.sqlite');
    await expect(check({ 'ledger-path': 'a.sqlite', page: 'p.html' }, [ledger])).resolves.toBeUndefined();
  });

  it('lets two options read one file', async () => {
    await expect(
      check({ authorities: 'list.txt', 'other-authorities': 'list.txt' }),
    ).resolves.toBeUndefined();
  });
});
