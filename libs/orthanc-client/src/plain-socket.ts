import { type Socket, connect } from 'node:net';
import type { LentMemory, Room } from './lent-memory.ts';
import type { Progress } from './call.ts';
import { timeLimitError } from './name-broken-call.ts';
import type { Endpoint } from './orthanc-connection.ts';
import { type ComingAnswer, openPlainAnswer } from './plain-answer.ts';
import { type PlainHead, longestHead } from './plain-head.ts';

export interface PlainRequest {
  /** With its empty line. */
  readonly head: string;
  readonly body: readonly Uint8Array[];
  /** Bytes: a longer answer is not read. */
  readonly cap: number;
}

/** A whole answer, or why it was not read: see `ComingAnswer`. */
export type PlainAnswer = (PlainHead & { readonly room: Room }) | 'other' | 'large';

/** One connection for one request after the other. */
export interface PlainSocket {
  /** Whether another request may be sent now. */
  isUsable(): boolean;
  /** Rejects with the error that broke the connection, our own time limits included. */
  exchange(request: PlainRequest): Promise<PlainAnswer>;
  /** Of the last exchange. */
  progress(): Progress;
  destroy(): void;
}

interface Exchange {
  readonly answer: ComingAnswer;
  readonly isSocketReused: boolean;
  isSent: boolean;
  settle: { resolve(answer: PlainAnswer): void; reject(error: Error): void } | undefined;
}

export function openPlainSocket(endpoint: Endpoint, memory: LentMemory): PlainSocket {
  // Node asks for the place of the next bytes before it is known which answer they begin.
  const first = Buffer.allocUnsafeSlow(longestHead);
  let last: Exchange | undefined;
  let reusableUntil = Infinity;
  const current = () => (last?.settle === undefined ? undefined : last);
  const take = (length: number) => {
    const exchange = current();
    const told = exchange?.answer.came(length) ?? 'other';
    if (told === 'more') return;
    // An answer that comes before all was sent leaves the connection unfit for another request.
    const reusableMs = told === 'whole' && exchange?.isSent ? (exchange.answer.head?.reusableMs ?? 0) : 0;
    reusableUntil = performance.now() + reusableMs;
    if (reusableMs === 0) socket.destroy();
    else socket.unref();
    if (exchange !== undefined) resolve(exchange, told);
  };
  const socket = connectWatched(endpoint, {
    next: () => current()?.answer.next() ?? first,
    take,
    broken: (error) => {
      reusableUntil = 0;
      const settle = last?.settle;
      if (last !== undefined) last.settle = undefined;
      settle?.reject(error);
    },
  });
  return {
    isUsable: () => !socket.destroyed && current() === undefined && performance.now() < reusableUntil,
    exchange: (request) =>
      new Promise((resolve, reject) => {
        const answer = openPlainAnswer(first, memory, request.cap);
        const isSocketReused = last !== undefined;
        last = { answer, isSocketReused, isSent: false, settle: { resolve, reject } };
        socket.ref();
        send(socket, request, last);
      }),
    progress: () => ({
      isSent: last?.isSent ?? false,
      hasStartedSending: !socket.connecting,
      isSocketReused: last?.isSocketReused ?? false,
    }),
    destroy: () => socket.destroy(),
  };
}

function resolve(exchange: Exchange, told: 'whole' | 'other' | 'large'): void {
  const { head, room } = exchange.answer;
  const settle = exchange.settle;
  exchange.settle = undefined;
  if (told === 'whole' && head !== undefined && room !== undefined) settle?.resolve({ ...head, room });
  else settle?.resolve(told === 'large' ? 'large' : 'other');
}

/** Up to so many bytes, joining the pieces costs less than handing them over one by one. */
const longestJoined = 64 * 1024;

function send(socket: Socket, { head, body }: PlainRequest, exchange: Exchange): void {
  const sent = (error?: Error | null) => {
    exchange.isSent = error === undefined || error === null;
  };
  const length = body.reduce((sum, piece) => sum + piece.byteLength, head.length);
  if (length <= longestJoined) {
    socket.write(joined(head, body, length), sent);
    return;
  }
  socket.cork();
  socket.write(head, 'latin1');
  for (const [index, piece] of body.entries())
    socket.write(piece, index === body.length - 1 ? sent : undefined);
  socket.uncork();
}

function joined(head: string, body: readonly Uint8Array[], length: number): Buffer {
  const all = Buffer.allocUnsafe(length);
  let filled = all.write(head, 'latin1');
  for (const piece of body) {
    all.set(piece, filled);
    filled += piece.byteLength;
  }
  return all;
}

interface Watch {
  /** Where the next bytes go. */
  next(): Buffer;
  take(length: number): void;
  broken(error: Error): void;
}

function connectWatched({ hostname, port, limits }: Endpoint, { next, take, broken }: Watch): Socket {
  const callback = (length: number) => {
    take(length);
    return true;
  };
  const socket = connect({
    host: hostname,
    port,
    noDelay: true,
    onread: { buffer: next, callback },
  });
  // Begins anew with each byte; an idle connection is closed by the server, long before.
  socket.setTimeout(limits.idle);
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
