import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sender, connectSender } from '@orthanc-tools/mllp';
import { type Hl7ServingOptions, serveHl7 } from '../src/serve-hl7.ts';

/** A server in this process, with a folder of its own. */
export interface Serving extends AsyncDisposable {
  readonly folder: string;
  readonly place: string;
  readonly port: number;
  readonly log: readonly string[];
  connect(): Promise<Sender>;
  /** One message on a connection of its own; its answer as text, one line per segment. */
  send(message: string | Uint8Array): Promise<string>;
  /** Names of the worklists, sorted. */
  names(): Promise<string[]>;
  /** The only worklist, or the one whose name begins so. */
  worklist(beginning?: string): Promise<Buffer>;
  /** Resolves when a line of the log holds the text. */
  logged(text: string): Promise<void>;
  stop(): Promise<void>;
}

export interface ServingRequest {
  readonly options?: Partial<Hl7ServingOptions>;
  /** Of an earlier server, to go on with. */
  readonly place?: string;
}

export async function startServing({ options = {}, place: given }: ServingRequest = {}): Promise<Serving> {
  const place = given ?? (await mkdtemp(join(tmpdir(), 'hl7-server-')));
  const folder = join(place, 'worklists');
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const ending = new AbortController();
  const onLogLine = (line: string) => {
    log.push(line);
    for (const look of waiting) look();
  };
  const running = serveHl7(
    {
      port: await freePort(),
      listenHost: '127.0.0.1',
      ...(options.orthancUrl === undefined && { folder }),
      journalPath: join(place, 'journal.sqlite'),
      ...options,
    },
    { signal: ending.signal, onLogLine },
  );
  const logged = async (text: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const look = () => {
      if (log.some((line) => line.includes(text))) resolve(undefined);
    };
    waiting.add(look);
    look();
    await Promise.race([promise, running.then(() => undefined)]);
    waiting.delete(look);
    if (!log.some((line) => line.includes(text))) throw new Error(`ended without logging ${text}`);
  };
  await logged('server.listening');
  const listening = JSON.parse(log.find((line) => line.includes('server.listening')) ?? '{}') as {
    port: number;
  };
  const connect = () => connectSender({ host: '127.0.0.1', port: listening.port });
  const names = async () => (await readdir(folder)).filter((name) => name.endsWith('.wl')).sort();
  const stop = async () => {
    ending.abort();
    await running;
  };
  return {
    folder,
    place,
    port: listening.port,
    log,
    connect,
    names,
    logged,
    stop,
    async send(message) {
      await using sender = await connect();
      const bytes = typeof message === 'string' ? Buffer.from(message) : message;
      return (await sender.send(bytes)).toString('latin1').replaceAll('\r', '\n');
    },
    async worklist(beginning = '') {
      const found = (await names()).filter((name) => name.startsWith(beginning));
      if (found.length !== 1) throw new Error(`there are ${String(found.length)} worklists`);
      return readFile(join(folder, found[0] ?? ''));
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(place, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:http');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
