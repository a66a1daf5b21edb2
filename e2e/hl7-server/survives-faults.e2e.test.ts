import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { canMount, mountSmallDisk } from '../cloner/small-disk.ts';
import { folderOf, forOrdinaryUser } from '../command/ordinary-user.ts';
import type { CommandPlace } from '../command/running-command.ts';
import { orderText } from './order-text.ts';
import { startServer } from './running-server.ts';

let folder: string;
let place: CommandPlace;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hl7-faults-'));
  await chmod(folder, 0o755);
  place = await forOrdinaryUser('hl7-server', folder);
  await folderOf(place, join(folder, 'state'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const order = (id: string) => orderText({ id, name: `Name${id}^Anna` });
const argvFor = (worklists: string) => [
  '--folder',
  worklists,
  '--journal-path',
  join(folder, 'state', 'journal.sqlite'),
];
const worklistsIn = async (path: string) => (await readdir(path)).filter((name) => name.endsWith('.wl'));
const withDisk = canMount() ? it : it.skip;
const refused = /MSA\|AE[^]*207\^Application internal error/;

describe('an ordinary user’s server', () => {
  withDisk(
    'says AE on a full disk, and goes on when there is room, with everything it acknowledged [may mount]',
    async () => {
      using disk = mountSmallDisk(1024);
      if (disk === undefined) throw new Error('the disk cannot be mounted');
      const worklists = join(disk.folder, 'worklists');
      await folderOf(place, worklists);
      await using server = await startServer({ argv: argvFor(worklists), place });
      expect(await server.send(order('1'))).toContain('MSA|AA');
      disk.fill();
      expect(await server.send(order('2'))).toMatch(refused);
      expect((await readdir(worklists)).every((name) => name.startsWith('A1-'))).toBe(true);
      disk.makeRoom();
      expect(await server.send(order('2'))).toContain('MSA|AA');
      expect(await worklistsIn(worklists)).toHaveLength(2);
    },
  );

  withDisk(
    'says AE while the disk of its journal is full, and goes on when there is room [may mount]',
    async () => {
      using disk = mountSmallDisk(2048);
      if (disk === undefined) throw new Error('the disk cannot be mounted');
      const state = join(disk.folder, 'state');
      await folderOf(place, state);
      const worklists = join(folder, 'worklists');
      await folderOf(place, worklists);
      const argv = ['--folder', worklists, '--journal-path', join(state, 'journal.sqlite')];
      await using server = await startServer({ argv, place });
      expect(await server.send(order('1'))).toContain('MSA|AA');
      disk.fill();
      let answer = '';
      // The journal has some room of its own left.
      for (let n = 0; n < 2000 && !refused.test(answer); n += 1)
        answer = await server.send(order(`f${String(n)}`));
      expect(answer).toMatch(refused);
      disk.makeRoom();
      expect(await server.send(order('2'))).toContain('MSA|AA');
    },
  );

  withDisk(
    'says AE while the folder may only be read, and goes on when it may be written [may mount]',
    async () => {
      using disk = mountSmallDisk(1024);
      if (disk === undefined) throw new Error('the disk cannot be mounted');
      const worklists = join(disk.folder, 'worklists');
      await folderOf(place, worklists);
      await using server = await startServer({ argv: argvFor(worklists), place });
      execFileSync('mount', ['-o', 'remount,ro', disk.folder]);
      expect(await server.send(order('1'))).toMatch(refused);
      execFileSync('mount', ['-o', 'remount,rw', disk.folder]);
      expect(await server.send(order('1'))).toContain('MSA|AA');
    },
  );

  it('says AE while the folder is gone, or closes where that is asked for', async () => {
    const worklists = join(folder, 'worklists');
    await folderOf(place, worklists);
    await using server = await startServer({ argv: [...argvFor(worklists), '--on-failure', 'close'], place });
    await rename(worklists, `${worklists}.away`);
    await expect(server.send(order('1'))).rejects.toMatchObject({ code: 'MLLP_NO_ANSWER' });
    await rename(`${worklists}.away`, worklists);
    expect(await server.send(order('1'))).toContain('MSA|AA');
    expect(await worklistsIn(worklists)).toHaveLength(1);
  });

  it('says in one line what is wrong with a folder that it may not have', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    if (process.getuid?.() === 0) await chown(join(folder, 'closed'), 0, 0);
    const starting = startServer({ argv: argvFor(join(folder, 'closed', 'worklists')), place });
    if (place.user === undefined) return void (await (await starting)[Symbol.asyncDispose]());
    await expect(starting).rejects.toThrow(/--folder \(FOLDER\): the folder ".+" cannot be made/);
  });
});

describe('a server with awkward senders', () => {
  async function open(port: number): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  it('serves others beside a frame of 100 MB, 2,000 idle connections and a sender that never reads', async () => {
    const worklists = join(folder, 'worklists');
    await folderOf(place, worklists);
    await using server = await startServer({ argv: argvFor(worklists), place });
    const idle = await Promise.all(Array.from({ length: 2000 }, () => open(server.port)));
    const deaf = await open(server.port);
    deaf.pause();
    const messages = Buffer.from(
      Array.from({ length: 5000 }, (_, n) => `\x0bMSH|^~\\&|A|||||||${String(n)}|P|2.5\x1c\r`).join(''),
    );
    deaf.write(messages);
    const large = await open(server.port);
    const answered = once(large, 'data');
    large.write('\x0bMSH|^~\\&|A|B|C|D|2026||ORM^O01|LARGE|P|2.5\r');
    for (let n = 0; n < 100; n += 1)
      if (!large.write(Buffer.alloc(1_000_000, 'x'))) await once(large, 'drain');
    expect(String((await answered)[0])).toContain('MSA|AR|LARGE');
    large.write('\x1c\r');
    expect(await server.send(order('1'))).toContain('MSA|AA');
    for (const socket of [...idle, deaf, large]) socket.destroy();
    server.command.kill('SIGTERM');
    const { exitCode, peakMemory = Infinity } = await server.command.ended;
    expect(exitCode).toBe(130);
    expect(peakMemory).toBeLessThan(300 * 1024 * 1024);
  });
});
