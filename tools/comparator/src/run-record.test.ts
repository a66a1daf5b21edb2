import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCheckpoint } from './checkpoint.ts';
import { openRecord } from './run-record.ts';

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

const requestIn = (folder: string) => ({
  folder: join(folder, 'state'),
  fingerprint: 'same',
  from: '20240101',
  to: '20240131',
  now: new Date(0),
  itemsJson: join(folder, 'items.jsonl'),
  itemsCsv: undefined,
  hasEqual: true,
});

const item = { state: 'equal', level: 'study', studyInstanceUid: '1', studyDate: '20240101' } as const;

describe('the record of a run', () => {
  it('knows of what days a run was that did not end, from its beginning on', () => {
    using place = openFolder();
    const request = requestIn(place.folder);
    expect(readCheckpoint(request.folder)).toBeUndefined();
    const record = openRecord(request);
    record.checkpoint(undefined);
    record[Symbol.dispose]();
    expect(readCheckpoint(request.folder)).toMatchObject({
      fingerprint: 'same',
      from: '20240101',
      to: '20240131',
    });
    using again = openRecord(request);
    again.finish();
    expect(readCheckpoint(request.folder)).toBeUndefined();
  });

  it('belongs to one process, until that has ended', () => {
    using place = openFolder();
    const first = openRecord(requestIn(place.folder));
    expect(() => openRecord(requestIn(place.folder))).toThrow(
      expect.objectContaining({ kind: 'configuration', code: 'COMPARISON_IN_USE' }),
    );
    first[Symbol.dispose]();
    openRecord(requestIn(place.folder))[Symbol.dispose]();
  });

  it('names the flag and the variable of what cannot be written', () => {
    using place = openFolder();
    writeFileSync(join(place.folder, 'file'), '');
    const itemsJson = join(place.folder, 'file', 'items.jsonl');
    expect(() => openRecord({ ...requestIn(place.folder), itemsJson })).toThrow(
      /--items-json \(ITEMS_JSON\)/,
    );
  });

  it('names a disk that is full', () => {
    using place = openFolder();
    const record = openRecord({ ...requestIn(place.folder), itemsJson: '/dev/full' });
    record.write(item);
    expect(() => {
      record.flush();
    }).toThrow(
      expect.objectContaining({ code: 'OUTPUT_UNWRITABLE', message: expect.stringContaining('full') }),
    );
    record[Symbol.dispose]();
  });
});
