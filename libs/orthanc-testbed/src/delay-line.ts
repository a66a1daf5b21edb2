import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Lane } from './link.ts';

type Parcel =
  | { kind: 'bytes'; dueAt: number; bytes: Buffer }
  | { kind: 'end'; dueAt: number }
  | { kind: 'abort'; dueAt: number };

export interface DelayLine {
  /** To be called when the faults of the lane have changed. */
  wake(): void;
}

/**
 * Carries everything that one socket receives to another, each byte after the lane's delay.
 * Bytes are delayed in parallel, so latency alone costs no throughput; a slow receiver
 * and a full window hold the sender back. An end and an abort travel like bytes.
 */
export function runDelayLine(from: Socket, to: Socket, lane: Lane): DelayLine {
  const parcels: Parcel[] = [];
  let queuedBytes = 0;
  let isBlocked = false;
  let timer: NodeJS.Timeout | undefined;

  const hand = (parcel: Parcel): void => {
    if (parcel.kind === 'end') to.end();
    else if (parcel.kind === 'abort') to.resetAndDestroy();
    else {
      queuedBytes -= parcel.bytes.length;
      isBlocked = !to.write(parcel.bytes);
    }
  };
  const deliver = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (let next = parcels[0]; next !== undefined && !isBlocked && !lane.isStalled(); next = parcels[0]) {
      const waitMs = next.dueAt - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(deliver, waitMs);
        return;
      }
      parcels.shift();
      hand(next);
    }
    if (queuedBytes < lane.window()) from.resume();
  };
  const send = (parcel: Parcel): void => {
    parcels.push(parcel);
    if (timer === undefined) deliver();
  };

  from.on('data', (bytes: Buffer) => {
    queuedBytes += bytes.length;
    if (queuedBytes >= lane.window()) from.pause();
    send({ kind: 'bytes', dueAt: lane.arrivalOf(bytes.length), bytes });
  });
  from.on('end', () => {
    send({ kind: 'end', dueAt: lane.arrivalOf(0) });
  });
  from.on('close', () => {
    if (!from.readableEnded) send({ kind: 'abort', dueAt: lane.arrivalOf(0) });
  });
  to.on('drain', () => {
    isBlocked = false;
    deliver();
  });
  to.on('close', () => {
    clearTimeout(timer);
    parcels.length = 0;
    isBlocked = true;
    from.destroy();
  });
  return { wake: deliver };
}
