import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildTool, commandOf } from '../measure/build-tool.ts';
import { describeLoad, describeMachine } from '../measure/describe-machine.ts';
import { type Verdict, atLeast, atMost, isKept, printVerdicts } from '../measure/verdict.ts';
import { diskRate } from './disk-rate.ts';
import { type SentOrders, sendOrders } from './send-orders.ts';
import { startServerProcess } from './server-process.ts';

const wantedPerSecond = 1200;
const shareOfDisk = 0.8;
const mostP99 = 50;
const connections = 16;

const usage = `Measures the server on 16 persistent connections, every answer durable, in one run beside
  the disk    files written, synced and renamed, one by one and 16 at a time
  echo        a server that only frames and acknowledges

  npm run bench -- hl7-server [--orders N] [--folder PATH]

  --orders N     on each connection; 500 if missing
  --folder PATH  on the disk to measure; a temporary folder if missing

Ends with 0 when every limit is kept, 1 otherwise.`;

interface Measured extends SentOrders {
  readonly cpuMs: number;
  readonly megabytes: number;
}

async function measure(command: (port: number) => readonly string[], orders: number): Promise<Measured> {
  await using server = await startServerProcess(command);
  await sendOrders(server.port, { connections, orders: Math.ceil(orders / 10), run: 'w' });
  const before = server.cpuSeconds();
  const sent = await sendOrders(server.port, { connections, orders, run: 'r' });
  const cpuMs = ((server.cpuSeconds() - before) * 1000) / (connections * orders);
  return { ...sent, cpuMs, megabytes: server.peakMegabytes() };
}

function tell(name: string, { perSecond, p50, p99, cpuMs, megabytes }: Measured): void {
  console.log(
    `${name.padEnd(12)} ${perSecond.toFixed(0).padStart(6)} messages/s, half within ${p50.toFixed(1)} ms, 99 % within ${p99.toFixed(1)} ms, ${cpuMs.toFixed(2)} ms of CPU each, ${megabytes.toFixed(0)} MB`,
  );
}

async function compare(folder: string, orders: number): Promise<Verdict[]> {
  const echo = fileURLToPath(new URL('echo-process.ts', import.meta.url));
  const places = { alone: join(folder, 'alone'), grouped: join(folder, 'grouped') };
  for (const place of Object.values(places)) await mkdir(place);
  const alone = await diskRate(places.alone, 1);
  const grouped = await diskRate(places.grouped, connections);
  console.log(
    `the disk     ${alone.toFixed(0).padStart(6)} files/s one by one, ${grouped.toFixed(0)} files/s 16 at a time`,
  );
  tell('echo', await measure((port) => [process.execPath, echo, String(port)], orders));
  const argv = ['--folder', join(folder, 'worklists'), '--journal-path', join(folder, 'journal.sqlite')];
  const own = await measure(
    (port) => [
      process.execPath,
      commandOf('hl7-server'),
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--log-format',
      'json',
      ...argv,
    ],
    orders,
  );
  tell('hl7-server', own);
  const limit = Math.floor(Math.min(wantedPerSecond, shareOfDisk * grouped));
  return [
    atLeast(limit, {
      promise: `durable messages/s (the less of ${String(wantedPerSecond)} and ${String(shareOfDisk)} of the disk)`,
      measured: own.perSecond,
    }),
    atMost(mostP99, { promise: 'time for 99 % of the answers, ms', measured: own.p99 }),
  ];
}

/** @returns the exit code */
export async function benchHl7Server(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '500' },
      folder: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  await buildTool('hl7-server', signal);
  console.log(`Machine: ${describeMachine()}\nLoad before: ${describeLoad()}\n`);
  const folder = await mkdtemp(join(values.folder ?? tmpdir(), 'bench-hl7-server-'));
  try {
    const verdicts = await compare(folder, Number(values.orders));
    printVerdicts(verdicts);
    console.log(`\nLoad after (this bench included): ${describeLoad()}`);
    return verdicts.every(isKept) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}
