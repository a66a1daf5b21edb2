import { describe, expect, it } from '@jest/globals';
import { type RememberingLedger, archiveMemory } from './archive-memory.ts';
import { aside } from './outcome.ts';

const found = { status: 'already-there', proof: 'id+md5', size: 10, md5: 'abc' } as const;
const stored = { ...found, status: 'stored' } as const;

function rememberingLedger(): RememberingLedger {
  const known = new Map<string, string>();
  return {
    remember: (_, notes) => {
      for (const { part, note } of notes) known.set(part, note);
    },
    remembered: (_, { limit, after = '' }) =>
      [...known.keys()]
        .filter((part) => part > after)
        .sort()
        .slice(0, limit)
        .map((part) => ({ part, note: known.get(part) ?? '' })),
    forget: (_, parts) => {
      for (const part of [...parts]) known.delete(part);
    },
  };
}

describe('archiveMemory', () => {
  it('takes what an earlier try stored for stored, of this member and this content only', () => {
    const ledger = rememberingLedger();
    const first = archiveMemory('a.zip', ledger);
    expect(first.recall('x', stored)).toBe(stored);
    expect(first.recall('y', found)).toBe(found);
    const second = archiveMemory('a.zip', ledger);
    expect(second.recall('x', found)).toEqual(stored);
    expect(second.recall('x', { ...found, md5: 'another' }).status).toBe('already-there');
    expect(second.recall('y', found)).toBe(found);
    const junk = aside('not-dicom', 3, ['NOT_DICOM', 'The content is not DICOM.']);
    expect(second.recall('x', junk)).toBe(junk);
  });

  it('holds on to nothing once the archive is answered for', () => {
    const ledger = rememberingLedger();
    const memory = archiveMemory('a.zip', ledger);
    for (let part = 0; part < 1500; part += 1) memory.recall(String(part), stored);
    expect(archiveMemory('a.zip', ledger).recall('1499', found).status).toBe('stored');
    memory.forget();
    expect(archiveMemory('a.zip', ledger).recall('1499', found).status).toBe('already-there');
  });
});
