import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { deletionNoted, forgetDeletion, noteDeletion } from './deletion-note.ts';

const proved = { proof: 'c-find', parts: 12, bytes: 1200, note: '{"date":"20240101"}' };

it('what was proved before a deletion is known to whoever comes after a kill, beside all other notes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deletion-'));
  try {
    const path = join(folder, 'l.sqlite');
    {
      using ledger = openLedger(path, { identity: {} });
      ledger.enqueue([{ key: '1' }]);
      const others = ['!job', 'absent a', 'absent b'].map((part) => ({ part, note: 'n' }));
      ledger.remember('1', others);
      expect(deletionNoted('1', ledger)).toBeUndefined();
      noteDeletion('1', proved, ledger);
    }
    using again = openLedger(path, { identity: {} });
    expect(deletionNoted('1', again)).toEqual(proved);
    forgetDeletion('1', again);
    expect(deletionNoted('1', again)).toBeUndefined();
    expect(again.remembered('1', { limit: 9 })).toHaveLength(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
