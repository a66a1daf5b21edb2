/** Between what lets units that wait go earlier, and the loops that wait with them. */
export interface Hastening {
  /** Something that waited for a later time may go now. */
  told(): void;
  /** To be called once the loops are there; before that nobody has to be told. */
  listen(listener: () => void): void;
}

/** A loop looks at its ledger when something wakes it, and otherwise only each half a minute. */
export function hastening(): Hastening {
  const listeners: (() => void)[] = [];
  return {
    told() {
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.push(listener);
    },
  };
}
