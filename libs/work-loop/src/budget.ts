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
  /** Takes it, and gives it back when the work has ended, well or not. */
  spend<Result>(amount: number, work: () => Promise<Result>): Promise<Result>;
}

export function openBudget(total: number): Budget {
  let used = 0;
  const queue: Waiting[] = [];
  const fits = (amount: number) => used === 0 || used + amount <= total;

  const budget: Budget = {
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
    async spend(amount, work) {
      await budget.take(amount);
      try {
        return await work();
      } finally {
        budget.give(amount);
      }
    },
  };
  return budget;
}
