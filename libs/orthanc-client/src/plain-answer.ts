import type { LentMemory, Room } from './lent-memory.ts';
import { type PlainHead, plainHead } from './plain-head.ts';

/** What has come of one answer. */
export interface ComingAnswer {
  /** Where the next bytes belong. */
  next(): Buffer;
  /**
   * Told how many bytes have come there: `other` is an answer that a whole HTTP client must read, `large` one beyond
   * the cap.
   */
  came(length: number): 'more' | 'whole' | 'other' | 'large';
  /** As soon as it has come. */
  readonly head: PlainHead | undefined;
  /** The body, which is all there when the answer is whole. */
  readonly room: Room | undefined;
}

const headEnd = '\r\n\r\n';

/**
 * Lets the kernel write the body right into one buffer of its size, which holds `cap` bytes at most. `first` takes the
 * head; it may serve one answer after the other.
 */
export function openPlainAnswer(first: Buffer, memory: LentMemory, cap: number): ComingAnswer {
  let head: PlainHead | undefined;
  let room: Room | undefined;
  let filled = 0;

  const headCame = (): 'more' | 'other' | 'large' => {
    const end = first.subarray(0, filled).indexOf(headEnd);
    if (end < 0) return filled === first.length ? 'other' : 'more';
    head = plainHead(first.toString('latin1', 0, end));
    if (head === undefined) return 'other';
    if (head.length > cap) return 'large';
    const start = end + headEnd.length;
    // More than it announced is no answer to this request.
    if (filled - start > head.length) return 'other';
    room = memory.take(head.length);
    filled = first.copy(room.bytes, 0, start, filled);
    return 'more';
  };
  return {
    next: () => (room?.bytes ?? first).subarray(filled),
    came(length) {
      filled += length;
      const known = room === undefined ? headCame() : 'more';
      return room?.bytes.length === filled ? 'whole' : known;
    },
    get head() {
      return head;
    },
    get room() {
      return room;
    },
  };
}
