/** What the bytes of a connection turn out to be. */
export type FrameEvent =
  | { readonly is: 'frame'; readonly bytes: Buffer }
  /** Bytes between frames, or an unfinished frame before a new start; they are lost. */
  | { readonly is: 'junk'; readonly length: number }
  /** The frame under way has outgrown the limit; its remaining bytes are thrown away as they come. */
  | { readonly is: 'too-large'; readonly beginning: Buffer };

export interface FrameDecoderSettings {
  readonly maxFrameBytes: number;
  /** A message without any framing, from the first byte of the connection on, counts as a frame when it ends. */
  readonly acceptsBare?: boolean;
}

/** One per connection. However the bytes are cut, the events are the same. */
export interface FrameDecoder {
  push(chunk: Uint8Array): FrameEvent[];
  /** The connection has ended: what counts as complete now, and what is lost. */
  end(): FrameEvent[];
  /** Bytes held of a frame that is not complete. */
  pendingBytes(): number;
  /** Whether a frame has begun. */
  isWithinFrame(): boolean;
}

const start = 0x0b;
const end = 0x1c;
const carriageReturn = 0x0d;
const bareBeginning = Buffer.from('MSH');
const smallest = 1024;
/** Of a frame that is too large: enough to tell whose it is. */
const beginningLength = 1024;

type State = 'outside' | 'inside' | 'ending' | 'bare';

/** Grows by doubling: neither a byte at a time nor megabytes at once cost more than they must. */
function growingBuffer(limit: number) {
  let buffer = Buffer.alloc(0);
  let length = 0;
  return {
    length: () => length,
    /** Answers false, and keeps nothing, when the limit would be passed. */
    add(bytes: Uint8Array): boolean {
      if (length + bytes.length > limit) return false;
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(smallest, length + bytes.length, buffer.length * 2));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
      return true;
    },
    take(): Buffer {
      const taken = buffer.subarray(0, length);
      [buffer, length] = [Buffer.alloc(0), 0];
      return taken;
    },
  };
}

/** The framing of MLLP release 1: `0B` message `1C 0D`. A `1C` before the next `0B` ends a frame too. */
export function frameDecoder({ maxFrameBytes, acceptsBare = false }: FrameDecoderSettings): FrameDecoder {
  const held = growingBuffer(maxFrameBytes);
  let state: State = 'outside';
  let isTooLarge = false;
  let junk = 0;
  let mayBeBare = acceptsBare;
  let matched = 0;
  let events: FrameEvent[] = [];

  const keep = (bytes: Uint8Array): void => {
    if (isTooLarge || held.add(bytes)) return;
    isTooLarge = true;
    const known = Buffer.concat([held.take(), bytes.subarray(0, beginningLength)]);
    events.push({ is: 'too-large', beginning: Buffer.from(known.subarray(0, beginningLength)) });
  };
  const finish = (): void => {
    const bytes = held.take();
    if (!isTooLarge) events.push({ is: 'frame', bytes });
    isTooLarge = false;
    state = 'outside';
  };
  const tellJunk = (): void => {
    junk += held.take().length + matched;
    if (junk > 0) events.push({ is: 'junk', length: junk });
    [junk, matched, isTooLarge] = [0, 0, false];
  };
  const begin = (): void => {
    tellJunk();
    mayBeBare = false;
    state = 'inside';
  };

  // Each takes from `at` on what belongs together, and answers where it goes on.
  const steps: Record<State, (chunk: Buffer, at: number) => number> = {
    outside(chunk, at) {
      if (chunk[at] === start) {
        begin();
        return at + 1;
      }
      if (mayBeBare) return bareOrNot(chunk[at], at);
      const found = chunk.indexOf(start, at);
      const until = found < 0 ? chunk.length : found;
      junk += until - at;
      return until;
    },
    inside(chunk, at) {
      const places = [chunk.indexOf(end, at), chunk.indexOf(start, at)].filter((place) => place >= 0);
      const found = Math.min(chunk.length, ...places);
      keep(chunk.subarray(at, found));
      if (found === chunk.length) return found;
      if (chunk[found] === end) state = 'ending';
      else begin();
      return found + 1;
    },
    ending(chunk, at) {
      if (chunk[at] === carriageReturn || chunk[at] === start) {
        finish();
        return chunk[at] === start ? at : at + 1;
      }
      // Not the end after all: the byte belongs to the message.
      keep(Uint8Array.of(end));
      state = 'inside';
      return at;
    },
    bare(chunk, at) {
      const found = chunk.indexOf(start, at);
      keep(chunk.subarray(at, found < 0 ? chunk.length : found));
      if (found < 0) return chunk.length;
      begin();
      return found + 1;
    },
  };
  const bareOrNot = (byte: number | undefined, at: number): number => {
    matched += 1;
    mayBeBare = byte === bareBeginning[matched - 1];
    if (!mayBeBare || matched === bareBeginning.length) {
      if (mayBeBare) {
        state = 'bare';
        keep(bareBeginning);
      } else junk += matched;
      [matched, mayBeBare] = [0, false];
    }
    return at + 1;
  };
  const taken = (): FrameEvent[] => {
    const told = events;
    events = [];
    return told;
  };
  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < chunk.length;) at = steps[state](chunk, at);
      return taken();
    },
    end() {
      if (state === 'ending' || state === 'bare') finish();
      tellJunk();
      return taken();
    },
    pendingBytes: () => held.length(),
    isWithinFrame: () => state !== 'outside',
  };
}
