/** Words for usual priorities; what has more is sent first. */
export const priorityWords = ['high', 'normal', 'low'] as const;

export type PriorityWord = (typeof priorityWords)[number];

const worth: Readonly<Record<PriorityWord, number>> = { high: 100, normal: 0, low: -100 };

export const usualPriority = worth.normal;

export const priorityOf = (written: PriorityWord | number): number =>
  typeof written === 'number' ? written : worth[written];
