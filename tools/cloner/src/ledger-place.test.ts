import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { resolveOptions } from '@orthanc-tools/tool-options';
import { ledgerPlace } from './ledger-place.ts';
import { clonerOptions } from './options.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-place-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const given = async (argv: string[]) =>
  (await resolveOptions(clonerOptions, { argv, env: {}, demandsRequired: false })).values;
const name = '--ledger-path (LEDGER_PATH)';

describe('the path of the ledger', () => {
  it.each(['', '/'])('is refused where it is a folder (%j)', async (end) => {
    await expect(given([`--ledger-path=${folder}${end}`])).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: `${name} names the folder "${folder}${end}"; give a file in it, such as "${folder}/work.ledger.sqlite".`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused where it would become a folder', async () => {
    await expect(given([`--ledger-path=${folder}/new/`])).rejects.toThrow('names the folder');
  });

  it.each([
    ['notes.txt', 'Not a number.'],
    ['state', '12 34'],
    ['work.sqlite', 'Not a database.'],
    ['state', '-1'],
  ])('is refused where a file stands that is no ledger and no state (%s: %s)', async (file, content) => {
    const path = join(folder, file);
    writeFileSync(path, content);
    await expect(given([`--persist_state_path=${path}`])).rejects.toMatchObject({
      message: `${name} names the file "${path}", which is neither a ledger nor a state file of the Python tool (one whole number); it was left as it is: give another path.`,
    });
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('is refused where a database has a name that is none of a ledger', async () => {
    const path = join(folder, 'work');
    writeFileSync(path, 'SQLite format 3\0');
    await expect(given([`--ledger-path=${path}`])).rejects.toThrow(
      `${name} names the database "${path}"; the name of a ledger ends in .sqlite or .db.`,
    );
  });

  it('is refused where nothing can be kept', async () => {
    await expect(given(['--ledger-path=/dev/null'])).rejects.toThrow(
      `${name} names "/dev/null", which cannot be read as a file.`,
    );
  });

  it.each([
    ['status.txt', '4711\n', 'status.txt.ledger.sqlite'],
    ['status.txt', '', 'status.txt.ledger.sqlite'],
    ['work.sqlite', 'SQLite format 3\0', 'work.sqlite'],
    ['new.sqlite', undefined, 'new.sqlite'],
  ])('is taken where there is %s with %j', async (file, content, place) => {
    const path = join(folder, file);
    if (content !== undefined) writeFileSync(path, content);
    expect(ledgerPlace(await given([`--ledger-path=${path}`]), folder).path).toBe(join(folder, place));
  });

  it('is not the path of the report', async () => {
    const path = join(folder, 'both');
    await expect(given([`--ledger-path=${path}`, `--report=${path}`])).rejects.toThrow(
      `${name} names the same file as --report (REPORT).`,
    );
  });
});

describe('without a path', () => {
  const stateFolder = '/state/orthanc-tools';
  const urls = ['--source-url=http://a', '--dest-url=http://b'];

  it('the ledger lies in the state folder, one for each pair of servers', async () => {
    const { path } = ledgerPlace(await given(urls), stateFolder);
    expect(path).toMatch(/^\/state\/orthanc-tools\/cloner-[0-9a-f]{12}\.ledger\.sqlite$/);
    expect(
      ledgerPlace(await given(['--source-url=http://a', '--dest-url=http://c']), stateFolder).path,
    ).not.toBe(path);
  });

  it('an alias at the source stands for an address that is not given', async () => {
    const pathOf = async (...argv: string[]) =>
      ledgerPlace(await given(['--source-url=http://a', ...argv]), stateFolder).path;
    const paths = [
      await pathOf('--dest-peer=b'),
      await pathOf('--dest-dicom=b'),
      await pathOf('--dest-url=http://b'),
    ];
    expect(new Set(paths).size).toBe(3);
    expect(await pathOf('--dest-url=http://b', '--dest-peer=b')).toBe(paths[2]);
  });

  it.each([[[]], [['--source-url=http://a']]])(
    'it takes both servers to know which one: %j',
    async (argv) => {
      const options = await given(argv);
      expect(() => ledgerPlace(options, stateFolder)).toThrow(
        `Which ledger? Give ${name}; or --source-url (SOURCE_URL) and --dest-url (DEST_URL), whose ledger lies in /state/orthanc-tools.`,
      );
    },
  );
});
