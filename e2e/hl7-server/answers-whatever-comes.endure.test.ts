import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { connectSender } from '@orthanc-tools/mllp';
import { randomNumbers } from '../command/random-moments.ts';
import { builtTool } from '../command/running-command.ts';
import { memoryGrowth } from './memory-growth.ts';
import { orderText } from './order-text.ts';
import { startServer } from './running-server.ts';
import { type Random, someFrames } from './stream-of-frames.ts';

/** How long frames come: `FUZZ_MINUTES=1 npm run endure -- hl7-server` is a shorter try. */
const minutes = Number(process.env['FUZZ_MINUTES'] ?? 10);
const megabyte = 1024 * 1024;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hl7-endures-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const worklists = () => join(folder, 'worklists');
const argvFor = (...more: string[]) => [
  ...['--folder', worklists(), '--journal-path', join(folder, 'journal.sqlite')],
  ...more,
];

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** A sound order on a connection of its own; whatever came before, elsewhere, it is taken within half a minute. */
async function sendSound(port: number, id: string, name: string): Promise<void> {
  await using sender = await connectSender({ host: '127.0.0.1', port });
  const answer = String(await sender.send(Buffer.from(orderText({ id, name, date: '20200115' }))));
  if (!answer.includes(`MSA|AA|${id}-NW`)) throw new Error(`a sound order was answered with ${answer}`);
}

/** Sends frames of all kinds and reads what is answered, until the server closes or all are sent and answered. */
async function sendStream(port: number, random: Random): Promise<void> {
  const socket = await open(port);
  socket.resume();
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(60_000) });
  for (const piece of someFrames(random)) {
    if (socket.destroyed) break;
    socket.write(piece);
    await new Promise(setImmediate);
  }
  // The server answers what it has taken, and closes then.
  socket.end();
  await closed;
}

it(
  `answers sound orders beside ${String(minutes)} minutes of whatever comes, without a crash, a hang or growth`,
  async () => {
    const memoryLog = join(folder, 'memory');
    process.env['MEMORY_LOG_FILE'] = memoryLog;
    const hook = fileURLToPath(new URL('memory-log.mjs', import.meta.url));
    // What is over is forgotten at once: what the server holds is to stay the same, and its memory with it.
    await using server = await startServer({
      argv: argvFor('--retention', '1s', '--journal-retention', '10s'),
      place: { ...builtTool('hl7-server'), hook },
    });
    const until = performance.now() + minutes * 60_000;
    const counts = { streams: 0, sound: 0 };
    const lane = async (lane: number): Promise<void> => {
      const numbers = randomNumbers(20_261_128 + lane);
      const random = () => numbers.next().value;
      for (let n = 0; performance.now() < until; n += 1) {
        await sendStream(server.port, random);
        counts.streams += 1;
        await sendSound(server.port, String(1000 * (lane + 1) + (n % 100)), `Name${String(n)}^Anna`);
        counts.sound += 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, at) => lane(at)));
    server.command.kill('SIGTERM');
    const { exitCode, peakMemory = Infinity } = await server.command.ended;
    const growth = await memoryGrowth(memoryLog);
    console.log({ ...counts, peakMegabytes: peakMemory / megabyte, ...growth });
    expect(exitCode).toBe(130);
    expect((await readdir(worklists())).filter((name) => !name.endsWith('.wl'))).toEqual([]);
    expect(growth.heap.growth).toBeLessThan(4 * megabyte);
    expect(growth.rss.growth).toBeLessThan(0.15 * growth.rss.mean);
  },
  (minutes + 3) * 60_000,
);

/** How many files and connections this process, and so the server, may have open. */
function mostOpenFiles(): number {
  const [, hard = '0'] =
    /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return hard === 'unlimited' ? Infinity : Number(hard);
}

/** How long an order takes on a connection of its own, from the message to the answer: the median, in ms. */
async function usualWait(port: number, first: number): Promise<number> {
  await using sender = await connectSender({ host: '127.0.0.1', port });
  const waits: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const id = String(first + n);
    const message = Buffer.from(orderText({ id, name: `Name${id}^Anna` }));
    const began = performance.now();
    expect(String(await sender.send(message))).toContain('MSA|AA');
    waits.push(performance.now() - began);
  }
  return waits.sort((a, b) => a - b)[100] ?? Infinity;
}

it('serves others beside 10,000 idle connections', async () => {
  const wanted = 10_000;
  const count = Math.min(wanted, mostOpenFiles() - 500);
  if (count < wanted) console.warn(`this machine allows ${String(count)} connections only (ulimit -Hn)`);
  const hook = fileURLToPath(new URL('memory-log.mjs', import.meta.url));
  process.env['MEMORY_LOG_FILE'] = join(folder, 'memory');
  await using server = await startServer({ argv: argvFor(), place: { ...builtTool('hl7-server'), hook } });
  await usualWait(server.port, 10_000);
  const alone = await usualWait(server.port, 20_000);
  const idle: Socket[] = [];
  while (idle.length < count)
    idle.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(200, count - idle.length) }, () => open(server.port)),
      )),
    );
  const beside = await usualWait(server.port, 30_000);
  const late = await open(server.port);
  expect(idle.filter((socket) => socket.destroyed)).toEqual([]);
  // One that was idle all the time is served like any other.
  const [oldest] = idle;
  const answered = oldest === undefined ? undefined : once(oldest, 'data');
  oldest?.write(`\x0b${orderText({ id: '40000', name: 'Name40000^Anna' })}\x1c\r`);
  expect(String((await answered)?.[0])).toContain('MSA|AA');
  for (const socket of [...idle, late]) socket.destroy();
  const after = await usualWait(server.port, 50_000);
  server.command.kill('SIGTERM');
  const { exitCode, peakMemory = Infinity } = await server.command.ended;
  console.log({ connections: count, peakMegabytes: peakMemory / megabyte, alone, beside, after });
  expect(exitCode).toBe(130);
  expect(peakMemory).toBeLessThan(400 * megabyte);
  expect(beside).toBeLessThan(3 * Math.max(alone, after));
}, 300_000);
