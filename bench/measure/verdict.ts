/** One promise against what was measured. */
export interface Verdict {
  readonly promise: string;
  readonly measured: number;
  readonly limit: number;
  readonly comparison: 'at least' | 'at most';
  readonly passed: boolean;
  /** The same by the sum of CPU per instance, which foreign load on the machine disturbs less. */
  readonly byCpu?: number;
  /** Where it is written why this is wanted and not promised: it decides nothing. */
  readonly wanted?: string;
}

type Claim = Pick<Verdict, 'promise' | 'measured' | 'byCpu' | 'wanted'>;

export const atLeast = (limit: number, claim: Claim): Verdict => ({
  ...claim,
  limit,
  comparison: 'at least',
  passed: claim.measured >= limit,
});

export const atMost = (limit: number, claim: Claim): Verdict => ({
  ...claim,
  limit,
  comparison: 'at most',
  passed: claim.measured <= limit,
});

export function printVerdicts(verdicts: readonly Verdict[]): void {
  console.log('');
  for (const verdict of verdicts) {
    const { promise, measured, limit, comparison, byCpu, wanted } = verdict;
    const cpu = byCpu === undefined ? '' : `, by CPU ${figure(byCpu)}`;
    const asked = `${comparison} ${String(limit)}`;
    const why = wanted === undefined ? asked : `wanted is ${asked}; why not: ${wanted}`;
    console.log(`${wordFor(verdict)}  ${promise}: ${figure(measured)}${cpu} (${why})`);
  }
}

/** Whether the promise holds, or none was made. */
export const isKept = ({ passed, wanted }: Verdict): boolean => passed || wanted !== undefined;

function wordFor({ passed, wanted }: Verdict): string {
  if (passed) return 'PASS';
  return wanted === undefined ? 'FAIL' : 'LESS';
}

const figure = (value: number): string => value.toFixed(value < 0.1 ? 3 : value < 20 ? 2 : 0);
