/** What is remembered of a study that was labelled for deletion. */
export interface QuarantineNote {
  /** When it was labelled, ms since 1970. */
  readonly since: number;
  /** Somebody has taken the label off: the study stays. */
  readonly isReleased: boolean;
}

export type QuarantineStep =
  /** It is to be labelled, or was labelled by somebody else: its time begins now. */
  | 'begin'
  | 'wait'
  /** Its time is over. */
  | 'delete'
  /** The label was taken off since the last run. */
  | 'release'
  /** The label was taken off earlier. */
  | 'stay';

interface QuarantineQuestion {
  readonly isLabelled: boolean;
  readonly note: QuarantineNote | undefined;
  /** Ms since 1970. */
  readonly now: number;
  readonly days: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What becomes of a study that is due. Pure. */
export function quarantineStep({ isLabelled, note, now, days }: QuarantineQuestion): QuarantineStep {
  if (note === undefined) return 'begin';
  if (note.isReleased) return isLabelled ? 'begin' : 'stay';
  if (!isLabelled) return 'release';
  return now >= note.since + days * dayMs ? 'delete' : 'wait';
}
