/** When a server was found to be away, on the clock of `performance.now()`. */
export interface Outages {
  note(): void;
  /** Whether there was one since then. */
  since(time: number): boolean;
}

export function noOutages(): Outages {
  let last = -Infinity;
  return {
    note: () => {
      last = performance.now();
    },
    since: (time) => last >= time,
  };
}
