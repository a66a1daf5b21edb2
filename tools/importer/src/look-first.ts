/** Whether Orthanc is asked what it holds before anything is sent. */
export interface LookFirst {
  readonly isWise: boolean;
  /** Whether what it is not asked for could be overwritten. */
  readonly isNeeded: boolean;
  /** Whether it held any of those that were imported last, or may do so. */
  learn(heldSome: boolean): void;
}

/**
 * An Orthanc that overwrites must be asked, or a content could be lost. Of another one it shows by its receipts what it
 * held already: asking first only spares the sending, and is worth its price where it held something the time before.
 */
export function lookFirst(neverOverwrites: boolean): LookFirst {
  let expectsSome = true;
  return {
    isNeeded: !neverOverwrites,
    get isWise() {
      return !neverOverwrites || expectsSome;
    },
    learn(heldSome) {
      expectsSome = heldSome;
    },
  };
}
