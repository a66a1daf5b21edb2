import type { Socket } from 'node:net';
import { frameDecoder } from './frame-decoder.ts';
import type { FrameEvent } from './frame-decoder.ts';
import { frameMessage } from './frame-message.ts';
import type { ConnectionLimits, MessageAnswerer, ReceivedMessage, TellEvent } from './listener-settings.ts';

export interface Connection {
  /** Looks at the clock; ends the connection where a limit is passed. */
  check(nowMs: number): void;
  /** Takes nothing more, answers what was taken, and closes. */
  finish(): void;
}

export interface ConnectionSetup extends MessageAnswerer {
  readonly socket: Socket;
  readonly address: string;
  readonly limits: ConnectionLimits;
  readonly nowMs: () => number;
  readonly tell: TellEvent;
  /** This connection holds so many bytes more, or less; answers whether all together may hold that. */
  readonly account: (bytes: number) => boolean;
}

/** Bytes that a message costs beside its own until it is answered: a flood of tiny ones is held to the limit too. */
const messageOverhead = 2048;

/** One connection: its messages are handed on in order, and answered in that order. */
export function serveConnection(setup: ConnectionSetup): Connection {
  const { socket, limits, nowMs, tell } = setup;
  const decoder = frameDecoder(limits);
  let unanswered = 0;
  let unansweredBytes = 0;
  let inOrder: Promise<void> = Promise.resolve();
  let isEnding = false;
  let isFinishing = false;
  let accounted = 0;
  const since = {
    activity: nowMs(),
    frame: undefined as number | undefined,
    blocked: undefined as number | undefined,
  };

  const isFull = () => unanswered >= limits.maxUnanswered || unansweredBytes >= limits.maxFrameBytes;
  const regulate = (): void => {
    if (isFull() || socket.writableNeedDrain) socket.pause();
    else if (!isEnding) socket.resume();
  };
  const write = (answers: readonly Uint8Array[]): void => {
    if (answers.length === 0 || !socket.writable) return;
    if (!socket.write(Buffer.concat(answers.map(frameMessage)))) since.blocked ??= nowMs();
  };
  const account = (): boolean => {
    const held = decoder.pendingBytes() + unansweredBytes;
    const more = held - accounted;
    accounted = held;
    return setup.account(more);
  };
  const endWhenAnswered = (): void => {
    if (!isEnding || unanswered > 0 || socket.destroyed) return;
    if (isFinishing) socket.destroySoon();
    else socket.end();
  };
  const take = (bytes: number, answering: Promise<readonly Uint8Array[]>): void => {
    const size = bytes + messageOverhead;
    unanswered += 1;
    unansweredBytes += size;
    // It may reject while earlier ones are waited for: that is looked at in its turn.
    answering.catch(() => undefined);
    inOrder = inOrder.then(async () => {
      try {
        write(await answering);
      } catch {
        // Whoever answers tells of its own failures; without an answer the sender repeats.
        socket.destroy();
      }
      unanswered -= 1;
      unansweredBytes -= size;
      since.activity = nowMs();
      account();
      regulate();
      endWhenAnswered();
    });
  };
  const handle = (event: FrameEvent): void => {
    const message = (bytes: Buffer): ReceivedMessage => ({ bytes, address: setup.address });
    if (event.is === 'junk') tell('bytes.skipped', { length: event.length });
    else if (event.is === 'too-large') {
      tell('frame.refused', { limit: limits.maxFrameBytes });
      take(0, setup.refuseTooLarge(message(event.beginning)));
    } else take(event.bytes.length, setup.answer(message(event.bytes)));
  };
  const give = (reason: string): void => {
    if (socket.destroyed) return;
    tell('connection.given-up', { reason });
    socket.destroy();
  };

  socket.on('data', (chunk: Buffer) => {
    since.activity = nowMs();
    for (const event of decoder.push(chunk)) handle(event);
    since.frame = decoder.isWithinFrame() ? (since.frame ?? nowMs()) : undefined;
    if (!account()) give('memory');
    regulate();
  });
  socket.on('close', () => {
    // What is incomplete is let go; what was handed on is held until it is answered, though nobody hears that any more.
    decoder.end();
    account();
  });
  socket.on('drain', () => {
    since.blocked = undefined;
    regulate();
  });
  socket.on('end', () => {
    for (const event of decoder.end()) handle(event);
    isEnding = true;
    endWhenAnswered();
  });
  return {
    finish() {
      [isEnding, isFinishing] = [true, true];
      socket.pause();
      endWhenAnswered();
    },
    check(now) {
      const silence = now - since.activity;
      const blocked = now - (since.blocked ?? now);
      const framing = now - (since.frame ?? now);
      if (blocked > limits.writeTimeoutMs) give('answer-not-read');
      else if (unanswered > 0) return;
      else if (decoder.isWithinFrame() && silence > limits.stallTimeoutMs) endStalled();
      else if (framing > limits.frameTimeoutMs) give('frame-too-slow');
      else if (silence > limits.idleTimeoutMs) give('idle');
    },
  };

  /** What ended without the last byte of its end, or has no frame at all, is complete now or never. */
  function endStalled(): void {
    const events = decoder.end();
    for (const event of events) handle(event);
    since.frame = undefined;
    if (!events.some(({ is }) => is === 'frame')) give('frame-stalled');
  }
}
