/** The newest studies among many, of which only twice as many are held. */
export interface NewestStudies {
  /** `newness` sorts by age. What was told before counts once. */
  take(id: string, newness: string): void;
  ids(): Iterable<string>;
}

export function newestStudies(count: number): NewestStudies {
  let kept = new Map<string, string>();
  const prune = () => {
    const newestFirst = [...kept].sort(
      ([oneId, one], [otherId, other]) => compare(other, one) || compare(oneId, otherId),
    );
    kept = new Map(newestFirst.slice(0, count));
  };
  return {
    take(id, newness) {
      kept.set(id, newness);
      if (kept.size > 2 * count) prune();
    },
    ids() {
      prune();
      return kept.keys();
    },
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
