import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type SetAsideRow, openLedger } from '@orthanc-tools/work-ledger';
import { noTotals } from './run-totals.ts';
import { reportOn } from './summarize.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clone-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

function reportOfTwo(path: string) {
  using ledger = openLedger(path);
  ledger.enqueue([{ key: 'study-1' }, { key: 'study-2' }]);
  const exceptions = Array.from({ length: 30 }, (_, number) => ({
    part: `instance-${String(number + 10)}`,
    code: 'INSTANCE_FILTERED',
    message: 'The destination filtered it out.',
  }));
  for (const claim of ledger.claimNext(2, Date.now()))
    ledger.setAside(claim, { code: 'PARTS_SET_ASIDE', message: 'Some are missing.', exceptions });
  return reportOn(ledger, noTotals());
}

// The report is written when the ledger has been closed.
it('lists every study that is set aside with every instance, whenever it is read', () => {
  const { setAside } = reportOfTwo(join(folder, 'ledger.sqlite'));
  for (const rows of [
    [...setAside],
    (JSON.parse(JSON.stringify({ setAside })) as { setAside: SetAsideRow[] }).setAside,
  ]) {
    expect(rows.map(({ key }) => key)).toEqual(['study-1', 'study-2']);
    for (const { parts } of rows) expect(parts).toHaveLength(30);
  }
});
