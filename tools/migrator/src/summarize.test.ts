import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { reportOn } from './summarize.ts';

it('counts for each day what is proved apart from what is only there, and from what is not there yet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'summarize-'));
  try {
    using ledger = openLedger(join(folder, 'l.sqlite'), { identity: {} });
    const ends = {
      '1.1': { outcome: 'migrated', proof: 'id+md5' },
      '1.2': { outcome: 'already-there', proof: 'existence' },
      '1.3': { outcome: 'accepted', proof: 'none' },
    };
    ledger.enqueue([...Object.keys(ends), '1.4'].map((key) => ({ key })));
    const note = JSON.stringify({ date: '20240131', images: 2, missing: 0 });
    for (const claim of ledger.claimNext(Date.now(), 4)) {
      const end = ends[claim.key as keyof typeof ends] as (typeof ends)['1.1'] | undefined;
      if (end === undefined) ledger.setAside(claim, { code: 'C', message: 'm', note });
      else ledger.settle(claim, { ...end, parts: 2, bytes: 2, note });
    }
    expect(reportOn(ledger).report.byDay).toEqual([{ date: '20240131', proved: 1, unproved: 2, open: 1 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
