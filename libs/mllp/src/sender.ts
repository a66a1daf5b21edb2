import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ambiguousFailure, transientFailure } from '@orthanc-tools/failures';
import { frameDecoder } from './frame-decoder.ts';
import { frameMessage } from './frame-message.ts';
import { usualLimits } from './listener-settings.ts';

export interface SenderSettings {
  readonly host: string;
  readonly port: number;
  /** For each answer, in ms. */
  readonly timeoutMs?: number;
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
}

/** A connection to an MLLP receiver. */
export interface Sender extends AsyncDisposable {
  /**
   * Sends a message and waits for its answer; several may be under way, and are answered in order.
   * @throws ambiguous `MLLP_NO_ANSWER` when the connection ends, or the time does, before the answer
   */
  send(message: Uint8Array): Promise<Buffer>;
}

const usualTimeoutMs = 30_000;

async function open({ host, port, tls }: SenderSettings): Promise<Socket> {
  const socket = tls === undefined ? connect({ host, port }) : connectTls({ host, port, ...tls });
  try {
    await once(socket, tls === undefined ? 'connect' : 'secureConnect');
  } catch (cause) {
    throw transientFailure('MLLP_UNREACHABLE', `${host}:${String(port)} cannot be reached.`, { cause });
  }
  socket.setNoDelay(true);
  return socket;
}

/** @throws transient `MLLP_UNREACHABLE` */
export async function connectSender(settings: SenderSettings): Promise<Sender> {
  const socket = await open(settings);
  const decoder = frameDecoder({ maxFrameBytes: usualLimits.maxFrameBytes });
  const waiting: { resolve(answer: Buffer): void; reject(error: unknown): void }[] = [];
  const fail = (why: string): void => {
    for (const one of waiting.splice(0)) one.reject(ambiguousFailure('MLLP_NO_ANSWER', why));
  };
  socket.on('data', (chunk: Buffer) => {
    for (const event of decoder.push(chunk)) if (event.is === 'frame') waiting.shift()?.resolve(event.bytes);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => fail('The connection ended before the answer.'));
  return {
    send(message) {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      if (socket.destroyed)
        return Promise.reject(ambiguousFailure('MLLP_NO_ANSWER', 'The connection has ended.'));
      const timer = setTimeout(() => {
        fail('No answer came in time.');
        socket.destroy();
      }, settings.timeoutMs ?? usualTimeoutMs);
      waiting.push({ resolve, reject });
      socket.write(frameMessage(message));
      return promise.finally(() => clearTimeout(timer));
    },
    async [Symbol.asyncDispose]() {
      if (socket.destroyed) return;
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    },
  };
}
