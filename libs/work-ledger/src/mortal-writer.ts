// A process for the crash test: works on the ledger named on its command line until it is killed, and prints, line by
// line, what it holds to be durable.
import { openLedger } from './open-ledger.ts';

const [path = ''] = process.argv.slice(2);
const perPage = 7;

function report(...words: (string | number)[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

using ledger = openLedger(path);
for (;;) {
  const from = Number(ledger.cursor('changes') ?? 0);
  const page = Array.from({ length: perPage }, (_, i) => ({ key: `item-${String(from + i)}` }));
  ledger.enqueue(page, { name: 'changes', value: String(from + perPage) });
  report('read', from + perPage);
  for (const claim of ledger.claimNext(Date.now(), 5)) {
    ledger.settle(claim, { outcome: 'copied', proof: 'id', parts: 2, bytes: 10 });
  }
  // A turn of the event loop now and then, so that the commits by the clock take their part.
  await new Promise(setImmediate);
  ledger.flush();
  report('done', ledger.tally().done);
}
