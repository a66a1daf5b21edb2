// The ledger of an archive of a million items: opened after a crash, counted and worked on. `node src/million-items.ts`
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { ledgerFolder } from './ledger-folder.ts';
import { openLedger } from './open-ledger.ts';
import { readLedger } from './read-ledger.ts';

const items = 1_000_000;
const perPage = 10_000;
const mostSeconds = 5;
const mostMegabytes = 250;

const keyOf = (n: number): string =>
  [0, 1, 2, 3, 4]
    .map((i) => ((n * 2_654_435_761 + i * 40_503) >>> 0).toString(16).padStart(8, '0'))
    .join('-');

function* page(from: number) {
  for (let n = from; n < from + perPage; n += 1) yield { key: `${keyOf(n)}-${String(n)}` };
}

/** Half of the items done, some set aside, fifty in hand when the process dies. */
function makeArchive(path: string): void {
  const ledger = openLedger(path);
  for (let from = 0; from < items; from += perPage) {
    ledger.enqueue(page(from), { name: 'changes', value: String(from + perPage) });
  }
  for (let done = 0; done < items / 2; done += 1000) {
    for (const [i, claim] of ledger.claimNext(Date.now(), 1000).entries()) {
      if (i === 0) ledger.setAside(claim, { code: 'NOT_DICOM', message: 'No.' });
      else ledger.settle(claim, { outcome: 'copied', proof: 'id+md5', parts: 150, bytes: 75_000_000 });
    }
  }
  ledger.claimNext(Date.now(), 50);
  process.kill(process.pid, 'SIGKILL');
}

function measure(path: string): void {
  const begun = performance.now();
  const lap = (what: string): void => {
    process.stdout.write(`${what}: ${(performance.now() - begun).toFixed(0)} ms\n`);
  };
  using ledger = openLedger(path);
  lap(`opened, ${String(ledger.interrupted)} resumed`);
  const tally = ledger.tally();
  lap(`counted: ${JSON.stringify(tally)}`);
  const claims = ledger.claimNext(Date.now(), 16);
  lap(`claimed ${String(claims.length)}`);
  const rows = ledger.setAsideRows({ limit: 100 });
  lap(`listed ${String(rows.length)} set aside`);
  using view = readLedger(path);
  view.tally();
  lap('read beside the writer');
  const seconds = (performance.now() - begun) / 1000;

  const cpu = process.cpuUsage();
  const settlements = 20_000;
  for (let n = 0; n < settlements; n += 16) {
    for (const claim of ledger.claimNext(Date.now(), 16)) {
      ledger.settle(claim, { outcome: 'copied', proof: 'id+md5', parts: 150, bytes: 75_000_000 });
    }
  }
  ledger.flush();
  const spent = process.cpuUsage(cpu);
  const msPerItem = (spent.user + spent.system) / 1000 / settlements;
  const megabytes = process.resourceUsage().maxRSS / 1000;
  process.stdout.write(
    `CPU to claim and settle: ${msPerItem.toFixed(3)} ms; peak memory: ${megabytes.toFixed(0)} MB\n`,
  );

  assert.equal(ledger.interrupted, 50);
  assert.equal(tally.done + tally.setAside, items / 2);
  assert.equal(tally.waiting, items / 2);
  assert.ok(seconds < mostSeconds, `took ${String(seconds)} s`);
  assert.ok(megabytes < mostMegabytes, `took ${String(megabytes)} MB`);
  assert.ok(msPerItem < 0.2, `took ${String(msPerItem)} ms per item`);
}

function run(step: string, path: string) {
  return spawnSync(process.execPath, ['--no-warnings', import.meta.filename, step, path], {
    stdio: 'inherit',
  });
}

const [step, path = ''] = process.argv.slice(2);
if (step === 'make') makeArchive(path);
else if (step === 'measure') measure(path);
else {
  using folder = ledgerFolder();
  assert.equal(run('make', folder.path('a.sqlite')).signal, 'SIGKILL');
  process.exitCode = run('measure', folder.path('a.sqlite')).status ?? 1;
}
