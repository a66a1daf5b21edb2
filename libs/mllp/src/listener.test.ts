import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { frameMessage } from './frame-message.ts';
import { type Listener, startListener } from './listener.ts';
import { type ListenerSettings, usualLimits } from './listener-settings.ts';
import { connectSender } from './sender.ts';

const opened: AsyncDisposable[] = [];

interface Started {
  readonly listener: Listener;
  readonly told: string[];
}

async function start(change: Partial<ListenerSettings> = {}): Promise<Started> {
  const told: string[] = [];
  const listener = await startListener({
    port: 0,
    host: '127.0.0.1',
    allowedAddresses: [],
    maxConnections: 100,
    maxConnectionsPerAddress: 100,
    maxHeldBytes: 10_000_000,
    limits: usualLimits,
    tell: (event, facts) => told.push([event, ...Object.values(facts)].join(' ')),
    answer: ({ bytes }) => Promise.resolve([Buffer.concat([Buffer.from('re:'), bytes])]),
    refuseTooLarge: ({ bytes }) => Promise.resolve([Buffer.from(`no:${bytes.toString().slice(0, 3)}`)]),
    ...change,
  });
  opened.push(listener);
  return { listener, told };
}

async function open({ listener }: Started): Promise<Socket> {
  const socket = connect({ port: listener.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  opened.push({ [Symbol.asyncDispose]: () => Promise.resolve(void socket.destroy()) });
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the other side closes. */
async function read(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

async function sendAll(started: Started, frames: string): Promise<string> {
  const socket = await open(started);
  socket.end(frames);
  return await read(socket);
}

const framed = (...texts: string[]): string => texts.map((text) => `\x0b${text}\x1c\r`).join('');

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

describe('a listener', () => {
  it('answers the messages of a connection in their order, however long each takes', async () => {
    const waits: (() => void)[] = [];
    const answer: ListenerSettings['answer'] = ({ bytes }) =>
      new Promise((resolve) => waits.push(() => resolve([bytes])));
    const started = await start({ answer });
    const sender = await connectSender({ host: '127.0.0.1', port: started.listener.port });
    opened.push(sender);
    const answers = ['1', '2', '3'].map(async (text) => (await sender.send(Buffer.from(text))).toString());
    while (waits.length < 3) await new Promise(setImmediate);
    for (const go of waits.reverse()) go();
    expect(await Promise.all(answers)).toEqual(['1', '2', '3']);
  });

  it('answers a sender that has closed its side already, then closes', async () => {
    const socket = await open(await start());
    socket.end(framed('A', 'B'));
    expect(await read(socket)).toBe(framed('re:A', 're:B'));
  });

  it('takes a message without a frame when its sender ends', async () => {
    const socket = await open(await start());
    socket.end('MSH|bare');
    expect(await read(socket)).toBe(framed('re:MSH|bare'));
  });

  it('refuses a frame that is too large, keeps little of it, and goes on', async () => {
    const started = await start({ limits: { ...usualLimits, maxFrameBytes: 1000 } });
    const socket = await open(started);
    socket.end(framed(`MSH${'x'.repeat(5_000_000)}`, 'B'));
    expect(await read(socket)).toBe(framed('no:MSH', 're:B'));
    expect(started.told).toContain('frame.refused 1000');
  });

  it('closes without an answer when the answer fails, and serves the next connection', async () => {
    let isFailing = true;
    const answer: ListenerSettings['answer'] = ({ bytes }) =>
      isFailing ? Promise.reject(new Error('no')) : Promise.resolve([bytes]);
    const started = await start({ answer });
    const socket = await open(started);
    socket.write(framed('A'));
    expect(await read(socket)).toBe('');
    isFailing = false;
    const next = await open(started);
    next.end(framed('A'));
    expect(await read(next)).toBe(framed('A'));
  });

  it('turns away whoever is not on the list, or is one too many', async () => {
    const strict = await start({ allowedAddresses: ['10.0.0.0/8'] });
    expect(await read(await open(strict))).toBe('');
    expect(strict.told).toContain('connection.refused address');
    const small = await start({ maxConnections: 1 });
    const first = await open(small);
    first.write(framed('A'));
    await once(first, 'data');
    expect(await read(await open(small))).toBe('');
    expect(small.told).toContain('connection.refused connections');
  });

  it.each([
    ['an idle connection', '', 'idle', { idleTimeoutMs: 1 }],
    ['a message that does not go on', '\x0bMSH|', 'frame-stalled', { stallTimeoutMs: 1 }],
    ['a message that takes too long', '\x0bMSH|', 'frame-too-slow', { frameTimeoutMs: 1 }],
  ])('gives up %s, and no other', async (_, sent, reason, limits) => {
    const started = await start({ limits: { ...usualLimits, ...limits } });
    const socket = await open(started);
    socket.write(sent);
    expect(await read(socket)).toBe('');
    expect(started.told).toContain(`connection.given-up ${reason}`);
  });

  it('gives up a sender that never reads, while others are served', async () => {
    const large = Buffer.alloc(4_000_000, 'y');
    const started = await start({
      answer: ({ bytes }) => Promise.resolve([bytes.length > 3 ? bytes : large]),
      limits: { ...usualLimits, writeTimeoutMs: 1 },
    });
    const deaf = await open(started);
    deaf.pause();
    for (let n = 0; n < 20; n += 1) deaf.write(framed('A'));
    const other = await connectSender({ host: '127.0.0.1', port: started.listener.port });
    opened.push(other);
    expect(String(await other.send(Buffer.from('hello')))).toBe('hello');
    while (!started.told.includes('connection.given-up answer-not-read')) await new Promise(setImmediate);
    expect(String(await other.send(Buffer.from('hello')))).toBe('hello');
  });

  it('bounds what all connections hold together', async () => {
    const started = await start({ maxHeldBytes: 2_000_000 });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => open(started)));
    const ends = sockets.map(read);
    for (const socket of sockets) socket.write(`\x0b${'x'.repeat(900_000)}`);
    await Promise.race(ends);
    expect(started.told).toContain('connection.given-up memory');
  });

  it('bounds what is held of messages that are hardly longer than their frame', async () => {
    const started = await start({ maxHeldBytes: 2_000_000, answer: () => new Promise(() => undefined) });
    const socket = await open(started);
    const end = read(socket);
    socket.write('\x0bx\x1c\r'.repeat(10_000));
    await end;
    expect(started.told).toContain('connection.given-up memory');
  });

  it('bounds what is held of messages whose senders have gone, until those are answered', async () => {
    const waits: (() => void)[] = [];
    const answer: ListenerSettings['answer'] = ({ bytes }) =>
      new Promise((resolve) => waits.push(() => resolve([bytes.subarray(0, 3)])));
    const started = await start({ maxHeldBytes: 2_000_000, answer });
    const large = framed(`MSH${'x'.repeat(900_000)}`);
    for (let sent = 1; sent <= 2; sent += 1) {
      const leaving = await open(started);
      leaving.write(large);
      while (waits.length < sent) await new Promise(setImmediate);
      leaving.resetAndDestroy();
    }
    while (started.listener.connections() > 0) await new Promise(setImmediate);
    expect(await sendAll(started, large)).toBe('');
    expect(started.told).toContain('connection.given-up memory');
    for (const go of waits.splice(0)) go();
    const answered = sendAll(started, large);
    while (waits.length === 0) await new Promise(setImmediate);
    waits[0]?.();
    expect(await answered).toBe(framed('MSH'));
  });

  it('answers what it has taken before it closes', async () => {
    let go: () => void = () => undefined;
    let isTaken = false;
    const answer: ListenerSettings['answer'] = ({ bytes }) =>
      new Promise((resolve) => {
        isTaken = true;
        go = () => resolve([bytes]);
      });
    const { listener } = await start({ answer });
    const sender = await connectSender({ host: '127.0.0.1', port: listener.port });
    opened.push(sender);
    const answered = sender.send(Buffer.from('last'));
    while (!isTaken) await new Promise(setImmediate);
    const closed = listener.close();
    go();
    expect(String(await answered)).toBe('last');
    await closed;
    await expect(connectSender({ host: '127.0.0.1', port: listener.port })).rejects.toMatchObject({
      code: 'MLLP_UNREACHABLE',
    });
  });

  it('says which option to change when the port cannot be had', async () => {
    const { listener } = await start();
    await expect(start({ port: listener.port })).rejects.toMatchObject({
      code: 'PORT_UNUSABLE',
      message: expect.stringContaining('--port (PORT)') as unknown as string,
    });
  });

  it('frames a message as one piece', () => {
    expect(frameMessage(Buffer.from('A')).toString('latin1')).toBe('\x0bA\x1c\r');
  });
});
