/** What was moved, and how long that took. */
export interface CopyRate {
  readonly instances: number;
  readonly bytes: number;
  /** While at least one hand was at work. */
  readonly ms: number;
}

export interface Amount {
  readonly instances: number;
  /** Undefined where the source does not tell sizes. */
  readonly bytes: number | undefined;
}

/**
 * How long so much takes at this rate, in ms: by instances or by bytes, whichever takes longer, as small images cost
 * requests and large ones bytes. Undefined where nothing was moved. Pure.
 */
export function timeFor(amount: Amount, rate: CopyRate): number | undefined {
  if (amount.instances === 0) return 0;
  if (rate.instances <= 0 || rate.ms <= 0) return undefined;
  const byInstances = (amount.instances * rate.ms) / rate.instances;
  if (amount.bytes === undefined || rate.bytes <= 0) return byInstances;
  return Math.max(byInstances, (amount.bytes * rate.ms) / rate.bytes);
}
