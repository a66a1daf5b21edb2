import type { FileMemory, FileRoom } from './file-memory.ts';
import { type AnswerHead, plainAnswerHead } from './answer-head.ts';

/** What has come of one answer, of which the body is a file. */
export interface FileAnswer {
  /** Where the next bytes belong. */
  room(): Buffer;
  /**
   * Told how many bytes have come into that room: `other` is an answer that a whole HTTP client must read, `large` one
   * beyond the cap.
   */
  came(length: number): 'more' | 'whole' | 'other' | 'large';
  /** When the answer is whole: its body. */
  readonly file: FileRoom | undefined;
  /** When the answer is whole: see `AnswerHead`. */
  readonly reusableMs: number;
}

const headEnd = '\r\n\r\n';

/**
 * Lets the kernel write the body right into one buffer of its size, which holds `cap` bytes at most. `first` takes the
 * head; it may serve one answer after the other.
 */
export function openFileAnswer(first: Buffer, memory: FileMemory, cap: number): FileAnswer {
  let head: AnswerHead | undefined;
  let file: FileRoom | undefined;
  let filled = 0;

  const headCame = (): 'more' | 'other' | 'large' => {
    const end = first.subarray(0, filled).indexOf(headEnd);
    if (end < 0) return filled === first.length ? 'other' : 'more';
    head = plainAnswerHead(first.toString('latin1', 0, end));
    if (head === undefined) return 'other';
    if (head.length > cap) return 'large';
    const start = end + headEnd.length;
    // More than it announced is no answer to this request.
    if (filled - start > head.length) return 'other';
    file = memory.take(head.length);
    filled = first.copy(file.bytes, 0, start, filled);
    return 'more';
  };
  return {
    room: () => (file?.bytes ?? first).subarray(filled),
    came(length) {
      filled += length;
      const known = file === undefined ? headCame() : 'more';
      return file?.bytes.length === filled ? 'whole' : known;
    },
    get file() {
      return file;
    },
    get reusableMs() {
      return head?.reusableMs ?? 0;
    },
  };
}
