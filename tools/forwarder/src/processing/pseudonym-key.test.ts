import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPseudonymKey } from './pseudonym-key.ts';
import { pseudonymsBy } from './pseudonyms.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the key for pseudonyms', () => {
  it('is made once, for nobody else to read', async () => {
    const path = join(folder, 'one.key');
    const key = openPseudonymKey(path);
    expect(openPseudonymKey(path)).toEqual(Buffer.from(key));
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('that is none is refused by its file', async () => {
    const path = join(folder, 'cut.key');
    await writeFile(path, 'abcd');
    expect(() => openPseudonymKey(path)).toThrow(`The file "${path}" cannot be used`);
    expect(() => openPseudonymKey(join(folder, 'none/x.key'))).toThrow('cannot be used');
  });
});

describe('a pseudonym', () => {
  const one = pseudonymsBy(Buffer.from('one'));
  const other = pseudonymsBy(Buffer.from('other'));

  it('is always the same for the same, with one key', () => {
    expect(one.uid('1.2')).toBe(pseudonymsBy(Buffer.from('one')).uid('1.2'));
    expect(one.uid('1.2')).not.toBe(one.uid('1.3'));
    expect(one.uid('1.2')).not.toBe(other.uid('1.2'));
    expect(one.patient('P')).not.toBe(other.patient('P'));
  });

  it('is what it stands for', () => {
    expect(one.uid('1.2')).toMatch(/^2\.25\.\d{39}$/);
    expect(one.patient('P')).toMatch(/^[0-9a-f]{16}$/);
  });
});
