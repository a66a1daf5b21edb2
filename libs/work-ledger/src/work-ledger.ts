/** A piece of work to be done. `readyAt` in ms since 1970; without it the item is ready at once. */
export interface NewItem {
  readonly key: string;
  /**
   * Higher goes first; equal ones go in the order in which they came. Each tenth that is handed out is the oldest of the
   * least priority, so that nothing waits for ever.
   */
  readonly priority?: number;
  readonly readyAt?: number;
  /** What it looks like now, such as the size and time of a file; `enqueueChanged` compares it. */
  readonly mark?: string;
  /** What is counted already where the work goes on that earlier claims were for; otherwise it begins anew. */
  readonly tried?: Tried;
}

export interface Tried {
  readonly attempts: number;
  readonly crashes: number;
}

/** The right, and the duty, to answer for one item. */
export interface Claim {
  readonly key: string;
  /** 1 for the first try. Crashes and released claims do not count. */
  readonly attempt: number;
  /** Rises whenever the item is asked for again; below 1 where nobody had claimed it before it was last asked for. */
  readonly generation: number;
  /** How often in a row the process died with this item in hand and without progress in it. */
  readonly crashes: number;
  /** With which the item was last asked for. */
  readonly mark: string;
  readonly priority: number;
}

/** A part of an item that was set aside while the rest was done. */
export interface PartException {
  readonly part: string;
  readonly code: string;
  readonly message: string;
}

/** What the tool wants to know of a part afterwards; not understood here. */
export interface PartNote {
  readonly part: string;
  readonly note: string;
}

/** What an item says of something that others speak of too. Subject, value and verdict are words of the tool. */
export interface Testimony {
  readonly subject: string;
  readonly value: string;
}

/** Kept with the answer to a claim, until the item is asked for again. */
interface Notes {
  readonly note?: string;
  readonly partNotes?: readonly PartNote[];
  /** In place of what the item said before; kept until its next answer. */
  readonly testimonies?: readonly Testimony[];
  /** Of whom it speaks is to be judged again, also where it says nothing new. */
  readonly judgesAgain?: boolean;
}

/** What was achieved. `outcome` and `proof` are words of the tool, counted but not understood here. */
export interface Settlement extends Notes {
  readonly outcome: string;
  readonly proof: string;
  readonly parts: number;
  readonly bytes: number;
  readonly exceptions?: readonly PartException[];
  /** What it looks like now, in place of the mark with which it was asked for. */
  readonly mark?: string;
}

export interface Postponement {
  /** When it may be tried again, ms since 1970. */
  readonly at: number;
  readonly code: string;
  readonly message: string;
  /** True when a part was done since the last try: the attempts are counted anew. */
  readonly hasProgressed: boolean;
  /** True when the try says nothing about the item: it is not counted. */
  readonly isFree?: boolean;
}

/** Why an item is given up, and what is known of its parts: those done (with their bytes) and those that were not. */
export interface Refusal extends Notes {
  readonly code: string;
  readonly message: string;
  readonly parts?: number;
  readonly bytes?: number;
  readonly exceptions?: readonly PartException[];
}

/** Parts and bytes are those of items done or set aside; `byOutcome` and `byProof` count items that were settled. */
export interface WorkTally {
  readonly waiting: number;
  readonly inHand: number;
  readonly done: number;
  readonly setAside: number;
  readonly parts: number;
  readonly bytes: number;
  readonly exceptionParts: number;
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly byProof: Readonly<Record<string, { readonly items: number; readonly parts: number }>>;
  /** Items set aside, by code. */
  readonly byCode: Readonly<Record<string, number>>;
  /** When the item that has waited longest was enqueued, ms since 1970. */
  readonly oldestWaitingAt?: number;
}

export interface SetAsideRow {
  readonly key: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  /** When it was set aside, ms since 1970. */
  readonly at: number;
  /** The first of its parts that were set aside; `exceptionParts` says how many there are. */
  readonly parts: readonly PartException[];
  readonly exceptionParts: number;
}

/** Why something was set aside, and how much of it there is. */
export interface Reason {
  readonly code: string;
  /** Items of which something was set aside for it. */
  readonly items: number;
  /** Parts set aside for it by name; none of an item that was set aside as a whole. */
  readonly parts: number;
}

/** One item, whatever became of it. */
export interface ItemRow {
  readonly key: string;
  readonly state: 'waiting' | 'in hand' | 'done' | 'set aside';
  readonly outcome: string;
  readonly proof: string;
  readonly bytes: number;
  /** Why it was set aside, or why it waits. */
  readonly code: string;
  readonly message: string;
  /** What it looked like when it was last asked for. */
  readonly mark: string;
  readonly note: string;
  /** When it ended, where it has; when it was asked for otherwise (ms since 1970). */
  readonly at: number;
}

/** Which items set aside are to be tried again. A code also matches the codes of parts. */
export interface RequeueSelector {
  readonly all?: boolean;
  readonly keys?: readonly string[];
  readonly codes?: readonly string[];
}

/** What can be asked of a ledger, also while a mover works on it. */
export interface LedgerView extends Disposable {
  readonly identity: Readonly<Record<string, string>>;
  cursor(name: string): string | undefined;
  tally(): WorkTally;
  /** Rows in the order of arrival; `after` is the key of the last row of the page before. */
  setAsideRows(page: { limit: number; after?: string }): SetAsideRow[];
  /** Every part of an item that was set aside, in the order of parts. */
  exceptions(key: string, page: { limit: number; after?: string }): PartException[];
  /** Why items and parts were set aside, in the order of codes; an item with several codes counts for each. */
  reasons(): Reason[];
  /** What waits, also for a later time, in the order of arrival; `after` is the last key of the page before. */
  waiting(page: { limit: number; after?: string }): Pick<ItemRow, 'key' | 'mark'>[];
  /** What became of one item; undefined for one that is not known. */
  stateOf(key: string): ItemRow['state'] | undefined;
  /** When an item was asked for that has not ended since; undefined for others (ms since 1970). */
  askedAt(key: string): number | undefined;
  /** Every item, in the order of keys. */
  rows(page: { limit: number; after?: string }): ItemRow[];
  /** The notes on the parts of an item, in the order of parts. */
  partNotes(key: string, page: { limit: number; after?: string }): PartNote[];
  /** Subjects without a verdict, and those with one that is not empty, in the order of arrival. */
  openSubjects(page: { limit: number; after?: string }): { subject: string; verdict: string | undefined }[];
  /** The different values that items give a subject. */
  valuesOf(subject: string): Iterable<string>;
  /** Undefined until it was judged, and again once something new is said of the subject or taken back. */
  verdict(subject: string): string | undefined;
  /**
   * Whether the verdict takes into account that this is said of the subject; without a value, whatever is said of it. Of whom
   * nothing was said there is nothing to be judged.
   */
  isJudged(subject: string, value?: string): boolean;
  /** How many verdicts are not empty. */
  verdictCount(): number;
  /** What was remembered of the parts of an item, in the order of parts. */
  remembered(key: string, page: { limit: number; after?: string }): PartNote[];
  /** @throws configuration `LEDGER_IN_USE` when called on a view while a mover works on the ledger. */
  requeue(selector: RequeueSelector): number;
  /** Whether a mover works on the ledger now; what is in hand and held by nobody was left by one that died. */
  isHeld(): boolean;
}

/**
 * One durable record of work. Every method may throw a configuration failure of scope `run` when the disk refuses
 * (`LEDGER_DISK_FULL`, `LEDGER_UNWRITABLE`, `LEDGER_UNREADABLE`); from then on every call throws it again.
 *
 * Answers to claims become durable together within some tens of milliseconds. Whatever reports on them (`tally`,
 * `setAsideRows`, `cursor`, `nextReadyAt`, `claimNext`) makes them durable first, so a crash only repeats work.
 */
export interface WorkLedger extends LedgerView {
  /** Of its file. */
  readonly path: string;
  /** How many items were in hand when the process before this one died. */
  readonly interrupted: number;
  /**
   * Records the items and moves the cursor, together or not at all. A known item that is done or set aside waits
   * again; one in hand will wait again once it is answered; one that waits stays as it is.
   */
  enqueue(items: Iterable<NewItem>, cursorAfter?: CursorAfter): { added: number; reopened: number };
  /** Like `enqueue`, but items known already stay as they are. */
  enqueueNew(items: Iterable<NewItem>, cursorAfter?: CursorAfter): { added: number };
  /** Like `enqueueNew`, but a known item whose mark is another one waits again, as if new. */
  enqueueChanged(items: Iterable<NewItem>, cursorAfter?: CursorAfter): { added: number; reopened: number };
  setCursor(name: string, value: string): void;
  /** Lets items that wait go earlier, never later; one in hand when it waits again, as far as priority goes. */
  hasten(items: Iterable<Pick<NewItem, 'key' | 'priority' | 'readyAt'>>): void;
  /**
   * Lets items that wait, and were not tried since they were asked for, wait until another time, earlier or later.
   * @returns how many
   */
  retime(items: Iterable<Required<Pick<NewItem, 'key' | 'readyAt'>>>): number;
  /**
   * Takes up to `limit` items that are ready. An item that took three processes down is handed out alone: only while
   * nothing else is in hand, and nothing else is handed out until it is answered.
   */
  claimNext(now: number, limit: number): Claim[];
  /** Done; or, with exceptions, set aside with its parts. Exceptions recorded earlier for the item are replaced. */
  settle(claim: Claim, settlement: Settlement): void;
  reschedule(claim: Claim, postponement: Postponement): void;
  setAside(claim: Claim, refusal: Refusal): void;
  /** Gives the item back untouched; the attempt does not count. */
  release(claim: Claim): void;
  /** Empty: nothing to be said against the subject. */
  judge(subject: string, verdict: string): void;
  /**
   * Lets those be judged again against whom there was nothing to be said: all subjects, or those of which items that are
   * done with this outcome speak. All others are open anyway.
   */
  judgeAgain(outcome?: string): void;
  /** Part of the item is done: should the process die now, it is not held against the item. */
  progress(claim: Claim): void;
  /**
   * Keeps what is known of parts of an item, whatever becomes of it: unlike notes, also when the item is asked for
   * again. `flush` makes it durable: call it before anything that only this record explains afterwards.
   * The item must be known.
   */
  remember(key: string, notes: Iterable<PartNote>): void;
  forget(key: string, parts: Iterable<string>): void;
  /**
   * Of items that were done before then (ms since 1970), keeps only what the tally counts: they are known no more, and
   * counted still. Others stay as they are. One that is asked for again afterwards is new, and counts once more.
   */
  condense(keys: Iterable<string>, before: number): void;
  /** The earliest time at which something waiting is ready; 0 when something is ready now. */
  nextReadyAt(): number | undefined;
  /** Makes durable all that was answered. Call it before acting on a settlement, such as deleting at the source. */
  flush(): void;
}

export interface CursorAfter {
  readonly name: string;
  readonly value: string;
}
