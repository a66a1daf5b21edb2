import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { writeCsvReport } from './csv-report.ts';
import { keyOfAccession, keyOfSpan, markOfAccession } from './work-keys.ts';

it('has a line for each search that was set aside: its days, or its place in the list', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'csv-report-'));
  try {
    using ledger = openLedger(join(folder, 'l.sqlite'), { identity: {} });
    ledger.enqueue([
      { key: keyOfAccession('A 1'), mark: markOfAccession('A 1', 7) },
      // As an earlier version kept it, which did not know the place.
      { key: keyOfAccession('A 2'), mark: 'A 2' },
      { key: keyOfSpan({ dates: { from: '20240105', to: '20240106' } }) },
      { key: 'span:undated' },
    ]);
    for (const claim of ledger.claimNext(Date.now(), 4)) {
      if (claim.key === 'span:undated')
        ledger.settle(claim, { outcome: 'searched', proof: '', parts: 0, bytes: 0 });
      else ledger.setAside(claim, { code: 'C', message: 'm' });
    }
    const path = join(folder, 'report.csv');
    await writeCsvReport(path, ledger);
    const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
    const told = lines.map((line) => {
      const fields = line.split(',');
      return [fields[head.split(',').indexOf('Search')], fields[3], fields[0]];
    });
    expect(told.toSorted()).toEqual([
      ['20240105-20240106', 'set aside', ''],
      ['an entry of the list', 'set aside', ''],
      ['entry 7 of the list', 'set aside', ''],
    ]);
    expect(lines.join()).not.toContain('A 1');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
