/**
 * Work that is begun now, so that what it asks travels beside other questions: from afar each costs a round trip. Whoever
 * wants it gets that, also its failure; who wants it once more has it done anew.
 */
export function begun<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let first: Promise<Result> | undefined = work();
  // Nobody may want it any more: it must not end the process.
  first.catch(() => undefined);
  return () => {
    const taken = first ?? work();
    first = undefined;
    return taken;
  };
}
