import { readLedger } from './read-ledger.ts';
import type { LedgerView, WorkLedger } from './work-ledger.ts';

/**
 * What a report lists of a ledger: read anew whenever it is asked for, as it may be longer than memory, and the ledger closed
 * by then. Scripts that want all of it at once say `[...list]`, or turn the report into JSON.
 */
export class LedgerList<T> implements Iterable<T> {
  readonly #path: string;
  readonly #read: (ledger: LedgerView) => Iterable<T>;

  constructor({ path }: Pick<WorkLedger, 'path'>, read: (ledger: LedgerView) => Iterable<T>) {
    this.#path = path;
    this.#read = read;
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    using ledger = readLedger(this.#path);
    yield* this.#read(ledger);
  }

  toJSON(): T[] {
    return [...this];
  }
}
