interface Waiting {
  readonly amount: number;
  admit(): void;
}

/** Bounds what is in use at one time, whoever uses it: bytes of memory, or requests under way. */
export interface Budget {
  /** Whether `take` would have to wait. */
  isShort(amount: number): boolean;
  /** Waits, in the order of asking, until it fits. More than the whole budget is let in alone. */
  take(amount: number): Promise<void>;
  give(amount: number): void;
}

export function openBudget(total: number): Budget {
  let used = 0;
  const queue: Waiting[] = [];
  const fits = (amount: number) => used === 0 || used + amount <= total;

  return {
    isShort: (amount) => queue.length > 0 || !fits(amount),
    take(amount) {
      if (queue.length === 0 && fits(amount)) {
        used += amount;
        return Promise.resolve();
      }
      return new Promise((resolve) => queue.push({ amount, admit: resolve }));
    },
    give(amount) {
      used -= amount;
      for (let next = queue[0]; next !== undefined && fits(next.amount); next = queue[0]) {
        queue.shift();
        used += next.amount;
        next.admit();
      }
    },
  };
}
