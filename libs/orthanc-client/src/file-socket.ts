import { type Socket, connect } from 'node:net';
import { longestHead } from './answer-head.ts';
import { type FileAnswer, openFileAnswer } from './file-answer.ts';
import type { FileMemory, FileRoom } from './file-memory.ts';
import { timeLimitError } from './name-broken-call.ts';
import type { Endpoint } from './orthanc-connection.ts';

/** The body of a plain answer, or why it was not read: see `FileAnswer`. */
export type ReadFile = FileRoom | 'other' | 'large';

/** One connection over which files are read, one after the other. */
export interface FileSocket {
  /** Whether another file may be asked for now. */
  isUsable(): boolean;
  /**
   * Sends the request and reads at most `cap` bytes. Rejects with the error that broke the connection, our own time
   * limits included. The connection is usable again only after a body.
   */
  read(request: string, cap: number): Promise<ReadFile>;
  destroy(reason?: Error): void;
}

interface Reading {
  readonly answer: FileAnswer;
  resolve(file: ReadFile): void;
  reject(error: Error): void;
}

export function openFileSocket(endpoint: Endpoint, memory: FileMemory): FileSocket {
  // Node asks for the room of the next bytes before it is known which answer they begin.
  const first = Buffer.allocUnsafeSlow(longestHead);
  let reading: Reading | undefined;
  let reusableUntil = Infinity;
  const end = (settle: (reading: Reading) => void) => {
    const ended = reading;
    reading = undefined;
    if (ended !== undefined) settle(ended);
  };
  const take = (length: number) => {
    const told = reading?.answer.came(length) ?? 'other';
    if (told === 'more') return;
    if (told === 'whole') {
      const ms = reading?.answer.reusableMs ?? 0;
      reusableUntil = performance.now() + ms;
      socket.setTimeout(Math.max(ms, 1)).unref();
    } else socket.destroy();
    end(({ answer, resolve }) => resolve((told === 'whole' ? answer.file : told) ?? 'other'));
  };
  const socket = connectWatched(endpoint, {
    room: () => reading?.answer.room() ?? first,
    take,
    broken: (error) => {
      reusableUntil = 0;
      end(({ reject }) => reject(error));
    },
  });
  return {
    isUsable: () => !socket.destroyed && performance.now() < reusableUntil,
    read: (request, cap) =>
      new Promise((resolve, reject) => {
        reading = { answer: openFileAnswer(first, memory, cap), resolve, reject };
        socket.setTimeout(endpoint.limits.idle).ref();
        socket.write(request, 'latin1');
      }),
    destroy: (reason) => socket.destroy(reason),
  };
}

interface Watch {
  /** Where the next bytes go. */
  room(): Buffer;
  take(length: number): void;
  broken(error: Error): void;
}

function connectWatched({ hostname, port, limits }: Endpoint, { room, take, broken }: Watch): Socket {
  const callback = (length: number) => {
    take(length);
    return true;
  };
  const socket = connect({
    host: hostname,
    port,
    noDelay: true,
    onread: { buffer: room, callback },
  });
  const connecting = setTimeout(() => socket.destroy(timeLimitError('connect')), limits.connect);
  return socket
    .once('connect', () => clearTimeout(connecting))
    .on('timeout', () => socket.destroy(timeLimitError('idle')))
    .on('error', broken)
    .on('end', () => socket.destroy())
    .on('close', () => {
      clearTimeout(connecting);
      broken(new Error('closed early'));
    });
}
