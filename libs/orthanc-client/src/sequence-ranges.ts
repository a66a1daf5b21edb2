/** Numbers of the change log, one after the other, both ends included. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** What is left of the range without these numbers, which ascend. */
export function rangesWithout(sequences: readonly number[], { from, to }: SequenceRange): SequenceRange[] {
  const left: SequenceRange[] = [];
  let next = from;
  for (const sequence of sequences) {
    if (sequence < next) continue;
    if (sequence > to) break;
    if (sequence > next) left.push({ from: next, to: sequence - 1 });
    next = sequence + 1;
  }
  if (next <= to) left.push({ from: next, to });
  return left;
}
