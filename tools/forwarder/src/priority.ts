/** Words for usual priorities; what has more is sent first. */
export const priorityWords = ['high', 'normal', 'low'] as const;

export type PriorityWord = (typeof priorityWords)[number];

const worth: Readonly<Record<PriorityWord, number>> = { high: 100, normal: 0, low: -100 };

export const usualPriority = worth.normal;

export const priorityOf = (written: PriorityWord | number): number =>
  typeof written === 'number' ? written : worth[written];

/** What makes a study more pressing than its destination is. */
export interface Pressing {
  readonly isUrgent?: boolean;
  /** The disk is nearly full, and nothing but this sending stands before a deletion. */
  readonly freesSpace?: boolean;
}

/** Each weighs more than the one after it: a study that is urgent, one that frees space, the destination. */
export const rankOf = (
  destination: number,
  { isUrgent = false, freesSpace = false }: Pressing = {},
): number => (isUrgent ? 100_000 : 0) + (freesSpace ? 10_000 : 0) + destination;
