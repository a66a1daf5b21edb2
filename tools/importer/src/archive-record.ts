import type { Failure } from '@orthanc-tools/failures';
import type { PartException, PartNote, Testimony } from '@orthanc-tools/work-ledger';
import type { WhenDone } from './clear-away.ts';
import { type Outcome, isInstance, isProved, noteOf, testimoniesOf } from './outcome.ts';

/** What became of the members of one archive. */
export interface ArchiveRecord {
  add(name: string, outcome: Outcome): void;
  /** The rest of the archive could not be read. */
  fail(failure: Failure): void;
  /** Undefined while it can be read. */
  readonly whole: Failure | undefined;
  /** Why it has to be tried again, or be set aside as a whole. */
  readonly failure: Failure | undefined;
  /** By this try. */
  readonly storedInstances: number;
  /** Whether the archive is needed no more. Moved, what it holds beside images is not lost; deleted, it would be. */
  isProved(whenDone: WhenDone): boolean;
  /** For the ledger. */
  answer(): RecordedArchive;
}

export interface RecordedArchive {
  readonly proof: string;
  readonly parts: number;
  readonly bytes: number;
  readonly exceptions: readonly PartException[];
  readonly partNotes: readonly PartNote[];
  readonly testimonies: readonly Testimony[];
}

/** @param tell told of each member; what it returns is recorded */
export function archiveRecord(tell: (part: string, outcome: Outcome) => Outcome): ArchiveRecord {
  const notes = new Map<string, PartNote>();
  const freeName = freeNames(notes);
  const exceptions: PartException[] = [];
  const said = new Map<string, Testimony>();
  const sums = instanceSums();
  let [whole, unfinished]: (Failure | undefined)[] = [];
  let stored = 0;

  function fail(failure: Failure): void {
    if (failure.kind === 'permanent') whole = failure;
    else unfinished ??= failure;
  }
  return {
    add(name, became) {
      const part = freeName(name);
      const outcome = tell(part, became);
      notes.set(part, { part, note: JSON.stringify(noteOf(outcome)) });
      for (const one of testimoniesOf([outcome])) said.set(`${one.subject} ${one.value}`, one);
      sums.add(outcome);
      if (became.status === 'stored') stored += 1;
      if (outcome.status !== 'refused') return;
      const { code, message, kind } = outcome.failure;
      exceptions.push({ part, code, message });
      if (kind !== 'permanent') unfinished ??= outcome.failure;
    },
    fail,
    get whole() {
      return whole;
    },
    get failure() {
      return unfinished ?? whole;
    },
    get storedInstances() {
      return stored;
    },
    isProved: (whenDone) =>
      whole === undefined &&
      exceptions.length === 0 &&
      sums.parts > 0 &&
      sums.areProved &&
      (whenDone === 'move' || !sums.hasOthers),
    answer: () => ({
      proof: sums.proof,
      parts: sums.parts,
      bytes: sums.bytes,
      exceptions,
      partNotes: [...notes.values()],
      testimonies: [...said.values()],
    }),
  };
}

/** An archive may hold the same name twice, or a million times. */
function freeNames(taken: ReadonlyMap<string, unknown>): (name: string) => string {
  const lastOf = new Map<string, number>();
  return (name) => {
    if (!taken.has(name)) return name;
    let n = lastOf.get(name) ?? 1;
    do n += 1;
    while (taken.has(`${name}#${String(n)}`));
    lastOf.set(name, n);
    return `${name}#${String(n)}`;
  };
}

function instanceSums() {
  const proofs = new Set<string>();
  return {
    parts: 0,
    bytes: 0,
    areProved: true,
    hasOthers: false,
    get proof() {
      return proofs.size > 1 ? 'mixed' : ([...proofs][0] ?? 'none');
    },
    add(outcome: Outcome): void {
      if (outcome.status === 'refused' || !isInstance(outcome)) {
        // A DICOMDIR only lists the images.
        if (noteOf(outcome).code !== 'DICOMDIR') this.hasOthers = true;
        return;
      }
      this.parts += 1;
      this.bytes += outcome.size;
      if (!isProved(outcome)) this.areProved = false;
      proofs.add(outcome.proof);
    },
  };
}
