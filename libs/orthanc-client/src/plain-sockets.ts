import { validateHeaderName, validateHeaderValue } from 'node:http';
import { asFailure } from '@orthanc-tools/failures';
import { openLentMemory } from './lent-memory.ts';
import type { Call } from './call.ts';
import { nameBrokenCall } from './name-broken-call.ts';
import type { Endpoint } from './orthanc-connection.ts';
import { type PlainAnswer, type PlainSocket, openPlainSocket } from './plain-socket.ts';

export interface PlainCall extends Call {
  readonly method: 'GET' | 'POST';
  /** Below the prefix of the server. */
  readonly path: string;
  /** Beside those that every request to this server has. */
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: readonly Uint8Array[];
  /** Bytes: a longer answer is not read. */
  readonly cap: number;
  readonly signal?: AbortSignal | undefined;
}

/** Files on their way, with as little CPU time as Node can, to and from a server that is spoken to without TLS or proxy. */
export interface PlainSockets {
  /**
   * Sends and reads in one piece. Undefined where nothing was sent, as this is a request for a whole HTTP client. Fails
   * as an ordinary call does when the connection breaks; the status is not judged.
   */
  exchange(call: PlainCall): Promise<PlainAnswer | undefined>;
  close(): void;
}

/**
 * What Node's client does for each piece of a large answer (parsing, copying, collecting garbage), and for each request
 * (streams, events), costs more than all else that is done for an image. Here the kernel writes each answer right into
 * its own buffer.
 */
export function plainSockets(endpoint: Endpoint): PlainSockets {
  const all = new Set<PlainSocket>();
  const free: PlainSocket[] = [];
  const memory = openLentMemory();
  const usual = checked({
    host: new URL(endpoint.shown).host,
    connection: 'keep-alive',
    ...endpoint.headers,
  });
  const drop = (socket: PlainSocket) => {
    all.delete(socket);
    socket.destroy();
  };
  const breaking = breakingBySignals(drop);
  const take = (): PlainSocket => {
    for (let socket = free.pop(); socket !== undefined; socket = free.pop()) {
      if (socket.isUsable()) return socket;
      drop(socket);
    }
    const socket = openPlainSocket(endpoint, memory);
    all.add(socket);
    return socket;
  };

  return {
    async exchange({ method, path, headers = {}, body = [], cap, signal, ...call }) {
      if (usual === undefined || !isPlainPath(path)) return undefined;
      signal?.throwIfAborted();
      const socket = take();
      const over = signal && breaking.during(signal, socket);
      try {
        const head = `${method} ${endpoint.prefix}${path} HTTP/1.1\r\n${usual}${linesOf(headers)}\r\n`;
        return await socket.exchange({ head, body, cap });
      } catch (error) {
        signal?.throwIfAborted();
        const context = { server: endpoint.shown, call, progress: socket.progress() };
        throw asFailure(error) ?? nameBrokenCall(error, context);
      } finally {
        over?.();
        if (socket.isUsable()) free.push(socket);
        else drop(socket);
        // The one that has been free for longest: after a burst nobody else would come upon it.
        for (let [oldest] = free; oldest !== undefined && !oldest.isUsable(); [oldest] = free) {
          drop(oldest);
          free.shift();
        }
      }
    },
    close: () => all.forEach(drop),
  };
}

/**
 * Breaks what is under way when its signal is aborted. One listener serves all exchanges of a signal that go on at the same
 * time: to add and to remove one for each is dear.
 */
function breakingBySignals(drop: (socket: PlainSocket) => void) {
  interface Watch {
    readonly sockets: Set<PlainSocket>;
    readonly abort: () => void;
  }
  const watches = new WeakMap<AbortSignal, Watch>();
  const watch = (signal: AbortSignal): Watch => {
    const sockets = new Set<PlainSocket>();
    const abort = () => sockets.forEach(drop);
    signal.addEventListener('abort', abort, { once: true });
    const made = { sockets, abort };
    watches.set(signal, made);
    return made;
  };
  return {
    /** @returns to be called when the exchange is over */
    during(signal: AbortSignal, socket: PlainSocket): () => void {
      const { sockets, abort } = watches.get(signal) ?? watch(signal);
      sockets.add(socket);
      return () => {
        sockets.delete(socket);
        // A signal made of others is kept alive by whoever listens.
        if (sockets.size > 0) return;
        signal.removeEventListener('abort', abort);
        watches.delete(signal);
      };
    },
  };
}

/** What would be another request on the wire is left to a client that refuses it in its own words. */
const isPlainPath = (path: string): boolean => /^[\x21-\x7e]+$/.test(path);

const linesOf = (headers: Readonly<Record<string, string | number>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}\r\n`)
    .join('');

/** The lines of all headers; undefined where one cannot be sent. */
function checked(headers: Readonly<Record<string, string>>): string | undefined {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return linesOf(headers);
  } catch {
    return undefined;
  }
}
