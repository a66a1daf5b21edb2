/** What it cost the one who did the work. */
export interface Cost {
  /** Of this one alone. */
  readonly cpuSeconds: number;
  /** Undefined where it shares its process with the bench. */
  readonly peakBytes: number | undefined;
}

/** Measures what this process itself uses while it works. */
export async function inThisProcess(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, peakBytes: undefined };
}
