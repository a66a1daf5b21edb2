import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { freePort } from '@orthanc-tools/orthanc-testbed';
import { randomNumbers } from '../command/random-moments.ts';
import { readWorklist } from './read-worklist.ts';
import { type RunningServer, startServer } from './running-server.ts';
import { type Load, sendAll } from './send-orders.ts';

const size = { connections: 64, orders: 1000 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hl7-every-order-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const worklists = () => join(folder, 'worklists');
const argvFor = () => ['--folder', worklists(), '--journal-path', join(folder, 'journal.sqlite')];

/** What an order with the identifier says, wherever it says it. */
const expected = (id: string) => ({
  AccessionNumber: `A${id}`,
  PatientID: `P${id}`,
  PatientName: `Name${id}^Anna`,
  PlacerOrderNumberImagingServiceRequest: `O${id}`,
  FillerOrderNumberImagingServiceRequest: `F${id}`,
  RequestedProcedureID: `R${id}`,
  StudyInstanceUID: `1.2.826.0.1.${id.replace('x', '.')}`,
  step: `S${id}`,
});

function told(bytes: Uint8Array): Record<string, string> {
  const tags = readWorklist(bytes);
  const [step] = tags['ScheduledProcedureStepSequence'] as readonly Readonly<Record<string, unknown>>[];
  const keywords = Object.keys(expected('')).filter((keyword) => keyword !== 'step');
  return {
    ...Object.fromEntries(keywords.map((keyword) => [keyword, String(tags[keyword])])),
    step: String(step?.['ScheduledProcedureStepID']),
  };
}

/** Every acknowledged order has one whole worklist, which is its own from the first identifier to the last, and nothing else is there. */
async function expectEveryOrder({ acknowledged, sent }: Load): Promise<void> {
  const names = await readdir(worklists());
  expect(names.filter((name) => !name.endsWith('.wl'))).toEqual([]);
  const found = new Set<string>();
  for (const name of names) {
    const tags = told(await readFile(join(worklists(), name)));
    const id = tags['AccessionNumber']?.slice(1) ?? '';
    if (JSON.stringify(tags) !== JSON.stringify(expected(id)))
      expect([name, tags]).toEqual([name, expected(id)]);
    expect(sent.has(id)).toBe(true);
    expect(found.has(id)).toBe(false);
    found.add(id);
  }
  expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
  expect(acknowledged.size).toBe(size.connections * size.orders);
}

it('keeps 64 times 1,000 orders apart, each acknowledged one in a worklist of its own', async () => {
  await using server = await startServer({ argv: argvFor() });
  const load: Load = { acknowledged: new Set(), sent: new Set() };
  const began = performance.now();
  await sendAll(server.port, size, load);
  console.log({ messagesPerSecond: load.acknowledged.size / ((performance.now() - began) / 1000) });
  await expectEveryOrder(load);
});

it('keeps that when it is killed three times meanwhile', async () => {
  const port = await freePort();
  const load: Load = { acknowledged: new Set(), sent: new Set() };
  const random = randomNumbers(20_261_128);
  let server: RunningServer = await startServer({ argv: argvFor(), port });
  const sending = sendAll(port, size, load);
  for (let kill = 1; kill <= 3; kill += 1) {
    const wanted = Math.floor((kill + random.next().value / 2) * 15_000);
    while (load.acknowledged.size < wanted) await new Promise(setImmediate);
    server.command.kill('SIGKILL');
    await server.command.ended;
    console.log({ kill, acknowledged: load.acknowledged.size });
    server = await startServer({ argv: argvFor(), port });
  }
  await sending;
  server.command.kill('SIGTERM');
  expect((await server.command.ended).exitCode).toBe(130);
  await expectEveryOrder(load);
});
