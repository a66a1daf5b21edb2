/** One promise against what was measured. */
export interface Verdict {
  readonly promise: string;
  readonly measured: number;
  readonly limit: number;
  readonly comparison: 'at least' | 'at most';
  readonly passed: boolean;
  /** The same by the sum of CPU per instance, which foreign load on the machine disturbs less. */
  readonly byCpu?: number;
}

type Claim = Pick<Verdict, 'promise' | 'measured' | 'byCpu'>;

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
  for (const { promise, measured, limit, comparison, passed, byCpu } of verdicts) {
    const cpu = byCpu === undefined ? '' : `, by CPU ${figure(byCpu)}`;
    console.log(
      `${passed ? 'PASS' : 'FAIL'}  ${promise}: ${figure(measured)}${cpu} (${comparison} ${String(limit)})`,
    );
  }
}

const figure = (value: number): string => value.toFixed(value < 0.1 ? 3 : value < 20 ? 2 : 0);
