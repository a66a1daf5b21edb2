/** Lets only one piece of work at a time touch the same thing. */
export interface Turns {
  /** Waits until nobody else holds any of the keys, and holds them until the work ends. */
  holding<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result>;
}

export function byTurns(): Turns {
  const held = new Map<string, Promise<unknown>>();
  return {
    async holding(keys, work) {
      const ended = Promise.withResolvers<undefined>();
      const mine = [...new Set(keys)].sort();
      try {
        // In one order for everybody, so that no two wait for each other.
        for (const key of mine) {
          for (let other = held.get(key); other !== undefined; other = held.get(key)) await other;
          held.set(key, ended.promise);
        }
        return await work();
      } finally {
        for (const key of mine) if (held.get(key) === ended.promise) held.delete(key);
        ended.resolve(undefined);
      }
    },
  };
}
