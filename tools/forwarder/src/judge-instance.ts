import type { Verification } from './destination.ts';

/** An instance of the inbox, as far as proof goes. */
export interface Here {
  readonly md5: string | undefined;
  /** Bytes. */
  readonly size: number;
}

/** What the destination says of it. `md5` where it keeps one. */
export type There =
  /** `isOfNewSeries`: nor does it hold anything else of its series. */
  | { readonly is: 'absent'; readonly isOfNewSeries?: true }
  | { readonly is: 'held'; readonly md5?: string | undefined; readonly size?: number | undefined }
  /** It cannot be asked. */
  | { readonly is: 'unknown' };

/** What we remember of it: whether the destination held it before we sent anything, and whether a sending succeeded. */
export interface Remembered {
  readonly before: There['is'];
  readonly isSent: boolean;
}

export type Judgement =
  | { readonly is: 'proved'; readonly proof: string }
  | { readonly is: 'to send' }
  /** A sending succeeded, and the destination says that it does not have it. */
  | { readonly is: 'lost' }
  /** Other content under the same identifiers. */
  | { readonly is: 'conflict' }
  /** Sent, and there; but it was there before, and nobody can say whether what is there is what was sent. */
  | { readonly is: 'held before' }
  /** Sent, and nothing more can be found out. */
  | { readonly is: 'unproved' };

const toSend: Judgement = { is: 'to send' };

/**
 * What is to be done with one instance, or what is known of it. The same before a sending, after it, and after a
 * restart: it depends on what the destination says and on what is remembered only. Pure.
 */
export function judgeInstance(
  here: Here,
  there: There,
  memory: Remembered | undefined,
  verify: Verification,
): Judgement {
  if (verify === 'none') return memory?.isSent ? proved('none') : toSend;
  if (there.is === 'unknown') return memory?.isSent ? { is: 'unproved' } : toSend;
  if (there.is === 'absent') return memory?.isSent ? { is: 'lost' } : toSend;
  if (verify === 'hash') return byContent(here, there, memory);
  if (verify === 'count') return proved('count');
  if (memory?.before === 'absent') return proved('image');
  return memory?.isSent ? { is: 'held before' } : toSend;
}

/** Where a server keeps no MD5, equal size of what was absent before is the most that can be said. */
function byContent(
  here: Here,
  there: Extract<There, { is: 'held' }>,
  memory: Remembered | undefined,
): Judgement {
  if (here.md5 !== undefined && there.md5 !== undefined)
    return here.md5 === there.md5 ? proved('id+md5') : { is: 'conflict' };
  if (there.size !== undefined && there.size !== here.size) return { is: 'conflict' };
  return memory?.before === 'absent' ? proved('id') : { is: 'held before' };
}

const proved = (proof: string): Judgement => ({ is: 'proved', proof });
