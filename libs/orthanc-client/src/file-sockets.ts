import { validateHeaderName, validateHeaderValue } from 'node:http';
import { asFailure } from '@orthanc-tools/failures';
import { nameBrokenCall } from './name-broken-call.ts';
import type { Call } from './call.ts';
import { type FileSocket, openFileSocket } from './file-socket.ts';
import { type FileRoom, openFileMemory } from './file-memory.ts';
import type { Endpoint } from './orthanc-connection.ts';
import { tooLarge } from './read-answer.ts';

/** Reads large files with as little CPU time as Node can, from a server that is spoken to directly and without TLS. */
export interface FileSockets {
  /**
   * The file at this path, in one piece; undefined where the answer is no plain file, refusals included: then it is to
   * be asked for in the ordinary way. Fails as an ordinary call would, when the connection breaks.
   */
  read(
    path: string,
    settings: { call: Call; cap: number; signal?: AbortSignal | undefined },
  ): Promise<FileRoom | undefined>;
  close(): void;
}

/**
 * What Node's client does for each piece of a large answer (parsing, copying, collecting garbage) costs more than all
 * else that is done for an image. Here the kernel writes each file right into its own buffer.
 */
export function fileSockets(endpoint: Endpoint): FileSockets {
  const all = new Set<FileSocket>();
  const free: FileSocket[] = [];
  const memory = openFileMemory();
  const opening = openingOf(endpoint);
  const take = (): { socket: FileSocket; isReused: boolean } => {
    for (let socket = free.pop(); socket !== undefined; socket = free.pop()) {
      if (socket.isUsable()) return { socket, isReused: true };
      drop(socket);
    }
    const socket = openFileSocket(endpoint, memory);
    all.add(socket);
    return { socket, isReused: false };
  };
  const drop = (socket: FileSocket) => {
    all.delete(socket);
    socket.destroy();
  };

  return {
    async read(path, { call, cap, signal }) {
      if (opening === undefined || !isPlainPath(path)) return undefined;
      signal?.throwIfAborted();
      const { socket, isReused } = take();
      const abort = () => drop(socket);
      signal?.addEventListener('abort', abort, { once: true });
      try {
        const file = await socket.read(`GET ${endpoint.prefix}${path} ${opening}`, cap);
        if (file === 'large') throw tooLarge(call.what, cap);
        return file === 'other' ? undefined : file;
      } catch (error) {
        signal?.throwIfAborted();
        const progress = { isSent: true, hasStartedSending: true, isSocketReused: isReused };
        throw asFailure(error) ?? nameBrokenCall(error, { server: endpoint.shown, call, progress });
      } finally {
        signal?.removeEventListener('abort', abort);
        if (socket.isUsable()) free.push(socket);
        else drop(socket);
      }
    },
    close: () => all.forEach(drop),
  };
}

/** What would be another request on the wire is left to a client that refuses it in its own words. */
const isPlainPath = (path: string): boolean => /^[\x21-\x7e]+$/.test(path);

/** What follows the path in each request; undefined where a header cannot be sent. */
function openingOf({ shown, headers }: Endpoint): string | undefined {
  const all = { host: new URL(shown).host, connection: 'keep-alive', ...headers };
  try {
    for (const [name, value] of Object.entries(all)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
  } catch {
    return undefined;
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1\r\n${lines.join('')}\r\n`;
}
