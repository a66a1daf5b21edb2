/** Whether a way whose remote answers is at fault for what fails by it: an archive that is full still answers C-ECHO. */
export interface WayDoubt {
  readonly isOn: boolean;
  /** How long a unit that fails meanwhile lets others go first (ms): it may be at fault itself. */
  yieldsForMs(unit?: string): number;
  /** Units of which each has failed alone so often that there is nothing left to find out by trying it again. */
  readonly tried: ReadonlySet<string>;
  /** A unit that travelled alone has failed, by a fault that may pass. */
  noteFailed(unit: string): void;
  /** The remote has taken something. */
  noteTaken(): void;
}

/** So many different units in a row have failed, and nothing got through in between: it is hardly the fault of each. */
const unitsToDoubt = 4;

/** So often each of them may fail before it might be its fault after all, where nothing else is left to try. */
const triesOfEach = 5;

/** Grows with the units that have failed, and doubles with each try more than others had: what was tried less comes first. */
const yieldsFor = { eachMs: 10_000, longestMs: 600_000 };

export function doubtWay(): WayDoubt {
  const failed = new Map<string, number>();
  const tried = new Set<string>();
  return {
    tried,
    get isOn() {
      return failed.size >= unitsToDoubt;
    },
    yieldsForMs(unit = '') {
      const least = Math.min(...failed.values());
      const more = (failed.get(unit) ?? least) - least;
      return Math.min(failed.size * yieldsFor.eachMs * 2 ** more, yieldsFor.longestMs);
    },
    noteFailed(unit) {
      const times = (failed.get(unit) ?? 0) + 1;
      failed.set(unit, times);
      if (times >= triesOfEach) tried.add(unit);
    },
    noteTaken() {
      failed.clear();
      tried.clear();
    },
  };
}
