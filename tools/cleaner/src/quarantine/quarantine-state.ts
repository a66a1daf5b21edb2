export interface Quarantine {
  readonly label: string;
  /** 0 where what is due is deleted at once. */
  readonly days: number;
  /** Without days, what a rule names as its own label is deleted by that rule, and is in no quarantine of ours. */
  readonly isOfRules: boolean;
}

/** What is remembered of a study that was labelled for deletion. */
export interface QuarantineNote {
  /** When it was labelled, ms since 1970. */
  readonly since: number;
  /** Somebody has taken the label off: the study stays. */
  readonly isReleased: boolean;
  /** How many days it was to wait then; the days of the run that deletes it count. */
  readonly days?: number | undefined;
  /** Which it got; ledgers of older versions do not say. */
  readonly label?: string | undefined;
}

export type QuarantineStep =
  /** It is to be labelled, or was labelled by somebody else: its time begins now. */
  | 'begin'
  | 'wait'
  /** It bears the label, and this run has no quarantine: only one that has can say that its time is over. */
  | 'keep'
  /** Its time is over. */
  | 'delete'
  /** The label was taken off since the last run. */
  | 'release'
  /** The label was taken off earlier. */
  | 'stay';

interface QuarantineQuestion {
  /** It bears one of `quarantineLabels`. */
  readonly isLabelled: boolean;
  readonly note: QuarantineNote | undefined;
  /** Ms since 1970. */
  readonly now: number;
  /** 0: what was never labelled is deleted at once; what was, is kept. */
  readonly days: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What becomes of a study that is due. Pure. */
export function quarantineStep({ isLabelled, note, now, days }: QuarantineQuestion): QuarantineStep {
  if (note !== undefined && !note.isReleased) {
    if (!isLabelled) return 'release';
    if (days === 0) return 'keep';
    return now >= note.since + days * dayMs ? 'delete' : 'wait';
  }
  if (isLabelled) return days === 0 ? 'keep' : 'begin';
  if (note !== undefined) return 'stay';
  return days === 0 ? 'delete' : 'begin';
}

/** How many days, each that was begun among them, a study stays in quarantine. Pure. */
export const daysLeft = (since: number, days: number, now: number): number =>
  Math.max(0, Math.ceil((since + days * dayMs - now) / dayMs));

/**
 * The labels by which a study is in quarantine: the one that it was given, whatever the label is now. Putting either back
 * takes back an objection. Pure.
 */
export function quarantineLabels(
  note: QuarantineNote | undefined,
  { label, isOfRules }: Pick<Quarantine, 'label' | 'isOfRules'>,
): readonly string[] {
  if (note === undefined) return isOfRules ? [] : [label];
  const { label: given = label, isReleased } = note;
  return isReleased ? [given, label] : [given];
}
