import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@orthanc-tools/orthanc-testbed';
import { randomNumbers } from '../command/random-moments.ts';
import { type RunningServer, startServer } from './running-server.ts';
import { type Load, sendAll } from './send-orders.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hl7-promises-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** What identifies an order in each worklist: all of one, or the server has mixed two. */
const marks = (id: string) => [`A${id}`, `P${id}`, `O${id}`, `F${id}`, `R${id}`, `S${id}`, `Name${id}^Anna`];

async function expectWhole(
  worklists: string,
  acknowledged: ReadonlySet<string>,
  sent: ReadonlySet<string>,
): Promise<void> {
  const files = await readdir(worklists);
  expect(files.filter((name) => !name.endsWith('.wl'))).toEqual([]);
  const found = new Set<string>();
  for (const name of files) {
    const text = (await readFile(join(worklists, name))).toString('latin1');
    const id = /^A(\w+)-/.exec(name)?.[1] ?? '';
    expect(text.slice(128, 132)).toBe('DICM');
    for (const mark of marks(id)) if (!text.includes(mark)) throw new Error(`${name} lacks ${mark}`);
    const others = [...text.matchAll(/Name(\w+)\^Anna/g)].map(([, other]) => other);
    expect(others).toEqual([id]);
    expect(sent.has(id)).toBe(true);
    found.add(id);
  }
  expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
}

const argvFor = () => [
  '--folder',
  join(folder, 'worklists'),
  '--journal-path',
  join(folder, 'journal.sqlite'),
  '--log-level',
  'info',
];

describe('64 connections at the same time', () => {
  it('have a worklist for every AA, each of one order, and no temporary file is left', async () => {
    await using server = await startServer({ argv: argvFor() });
    const load: Load = { acknowledged: new Set(), sent: new Set() };
    await sendAll(server.port, { connections: 64, orders: 40 }, load);
    expect(load.acknowledged.size).toBe(64 * 40);
    await expectWhole(join(folder, 'worklists'), load.acknowledged, load.sent);
  });

  it('keep that through three kills', async () => {
    const port = await freePort();
    const load: Load = { acknowledged: new Set(), sent: new Set() };
    const random = randomNumbers(20_261_128);
    let server: RunningServer = await startServer({ argv: argvFor(), port });
    const sending = sendAll(port, { connections: 64, orders: 40 }, load);
    for (let kill = 1; kill <= 3; kill += 1) {
      const wanted = Math.floor((kill + random.next().value / 2) * 500);
      while (load.acknowledged.size < wanted) await new Promise(setImmediate);
      server.command.kill('SIGKILL');
      await server.command.ended;
      server = await startServer({ argv: argvFor(), port });
    }
    await sending;
    server.command.kill('SIGTERM');
    expect((await server.command.ended).exitCode).toBe(130);
    await expectWhole(join(folder, 'worklists'), load.acknowledged, load.sent);
  });
});
