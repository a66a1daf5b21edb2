/** One thing that `doctor` has looked at. */
export interface Finding {
  /** The server or place that was looked at: `source`, `destination`, `ledger`. */
  readonly subject: string;
  readonly check: string;
  /** `unknown`: it could not be found out. Only a `problem` makes the command fail. */
  readonly verdict: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly found: string;
  /** What a person can do about it. */
  readonly remedy?: string;
}
