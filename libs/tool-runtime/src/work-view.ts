/** What `status` shows of a tool's work; items are what it is counted in, parts what they consist of. */
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
  readonly byCode?: Readonly<Record<string, number>>;
  /** In ms since 1970. */
  readonly oldestWaitingAt?: number;
}

export interface SetAsideRow {
  readonly key: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  /** In ms since 1970. */
  readonly at: number;
  readonly parts: readonly { readonly part: string; readonly code: string; readonly message: string }[];
  /** How many parts there are, where `parts` holds only the first. */
  readonly exceptionParts?: number;
}

/** Single items of one kind, beside those that were set aside; each with what is known of it, by names in camelCase. */
export interface ItemGroup {
  readonly title: string;
  readonly items: readonly (Readonly<Record<string, string | number>> & { readonly key: string })[];
}

/** A durable record of work, as far as `status` and `requeue` need it; a ledger fits as it is. */
export interface WorkView extends Disposable {
  tally(): WorkTally;
  setAsideRows(page: { limit: number; after?: string }): readonly SetAsideRow[];
  /** What else somebody may want to see item by item; groups without any are left out. */
  groups?(nowMs: number): readonly ItemGroup[];
  /** Lets items set aside wait again; answers how many. A code also matches the codes of parts. */
  requeue(selector: RequeueSelector): number;
  /** Whether a process works on it now; left out where that cannot be known. */
  isHeld?(): boolean;
}

export interface RequeueSelector {
  readonly all?: boolean;
  readonly keys?: readonly string[];
  readonly codes?: readonly string[];
}
