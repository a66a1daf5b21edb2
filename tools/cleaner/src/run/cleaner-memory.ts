import { type PartNote, type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';
import type { ToldDeletions } from '../audit/told-deletions.ts';
import type { QuarantineNote } from '../quarantine/quarantine-state.ts';

/** A study of which instances were told to be deleted. */
export interface BegunNote {
  /** All that it held then. */
  readonly instances: readonly string[];
  /** When it was begun, by Orthanc's clock, ms since 1970, in whole seconds; ledgers of older versions do not say. */
  readonly at?: number | undefined;
  /** Its last update before, ms since 1970: each deletion makes a new one. */
  readonly lastUpdate: number | undefined;
}

/** A study that could not be deleted. */
export interface FailureNote {
  readonly code: string;
  readonly message: string;
  /** Ms since 1970. */
  readonly at: number;
}

export interface RunTotals {
  readonly studies: number;
  readonly instances: number;
  readonly bytes: number;
}

/** How the last run ended that was to change something. */
export interface RunNote {
  readonly result: 'done' | 'somebody should look' | 'failed' | 'interrupted';
  /** Ms since 1970. */
  readonly at: number;
  /** What there is to look at. */
  readonly message?: string | undefined;
}

/** The Orthanc that a ledger was used with last, whatever its address. */
export interface ServerNote {
  readonly databaseIdentifier: string;
}

/** What the cleaner remembers from run to run, in its ledger; by Orthanc's identifiers of studies. */
export interface CleanerMemory {
  quarantineOf(id: string): QuarantineNote | undefined;
  quarantined(): (readonly [string, QuarantineNote])[];
  noteQuarantine(id: string, note: QuarantineNote): void;
  forgetQuarantine(id: string): void;
  begunOf(id: string): BegunNote | undefined;
  begun(): ReadonlyMap<string, BegunNote>;
  /** Durable when it returns. */
  noteBegun(notes: ReadonlyMap<string, BegunNote>): void;
  forgetBegun(ids: Iterable<string>): void;
  /** In place of those of the run before, but for what still stands of them. */
  replaceFailures(failures: ReadonlyMap<string, FailureNote>, stillStands: (id: string) => boolean): void;
  /** Not waited for: the audit trail tells the same, and before. */
  addTotals(totals: RunTotals): void;
  /**
   * What the audit trail tells beyond this: it is written first, and a run may be killed before the other. Totals that are more, and
   * deletions of which it has told how they ended: nobody is to tell of them again.
   */
  takeOver(told: ToldDeletions): void;
  /** Undefined where no run has reached it yet, or only ones of older versions. */
  knownServer(): ServerNote | undefined;
  noteServer(note: ServerNote): void;
  /** In place of that of the run before. */
  noteRun(note: RunNote): void;
}

const memoryItems = ['quarantine', 'begun', 'failed', 'totals', 'server', 'run'] as const;
type MemoryItem = (typeof memoryItems)[number];

/** Nothing is ever claimed of these items: they only hold what is remembered. */
const never = Number.MAX_SAFE_INTEGER;

export function openMemory(ledger: WorkLedger): CleanerMemory {
  ledger.enqueueNew(memoryItems.map((key) => ({ key, readyAt: never })));
  const [quarantine, begun, ended] = [ofQuarantine(ledger), ofBegun(ledger), ofEnded(ledger)];
  const takeOver: CleanerMemory['takeOver'] = (told) => {
    ended.takeOverTotals(told);
    for (const [id, how] of told.last) {
      // What the ledger knows nothing of was put down there in time; since then the study may have come anew.
      if (begun.begunOf(id) === undefined) continue;
      begun.forgetBegun([id]);
      if (how === 'whole') quarantine.forgetQuarantine(id);
    }
  };
  return { ...quarantine, ...begun, ...ended, ...ofRuns(ledger), takeOver };
}

function ofQuarantine(
  ledger: WorkLedger,
): Pick<CleanerMemory, 'quarantineOf' | 'quarantined' | 'noteQuarantine' | 'forgetQuarantine'> {
  const quarantine = notesOf<QuarantineNote>(ledger, 'quarantine');
  return {
    quarantineOf: (id) => quarantine.all.get(id),
    quarantined: () => [...quarantine.all],
    noteQuarantine: (id, note) => {
      quarantine.put(new Map([[id, note]]));
      ledger.flush();
    },
    forgetQuarantine: (id) => {
      quarantine.remove([id]);
    },
  };
}

function ofBegun(ledger: WorkLedger): Pick<CleanerMemory, 'begunOf' | 'begun' | 'noteBegun' | 'forgetBegun'> {
  const begun = notesOf<BegunNote>(ledger, 'begun');
  return {
    begunOf: (id) => begun.all.get(id),
    begun: () => begun.all,
    noteBegun: (notes) => {
      begun.put(notes);
      ledger.flush();
    },
    forgetBegun: (ids) => {
      begun.remove(ids);
    },
  };
}

function ofEnded(ledger: WorkLedger) {
  const failed = notesOf<FailureNote>(ledger, 'failed');
  const totals = notesOf<RunTotals>(ledger, 'totals');
  const totalsSoFar = () => totals.all.get('deleted') ?? { studies: 0, instances: 0, bytes: 0 };
  return {
    replaceFailures: (failures: ReadonlyMap<string, FailureNote>, stillStands: (id: string) => boolean) => {
      failed.remove([...failed.all.keys()].filter((id) => !failures.has(id) && !stillStands(id)));
      failed.put(failures);
      ledger.flush();
    },
    addTotals: ({ studies, instances, bytes }: RunTotals) => {
      const before = totalsSoFar();
      const sums = {
        studies: before.studies + studies,
        instances: before.instances + instances,
        bytes: before.bytes + bytes,
      };
      totals.put(new Map([['deleted', sums]]));
    },
    takeOverTotals: (told: ToldDeletions) => {
      const known = totalsSoFar();
      if (told.studies <= known.studies && told.instances <= known.instances) return;
      const studies = Math.max(told.studies, known.studies);
      const instances = Math.max(told.instances, known.instances);
      totals.put(new Map([['deleted', { ...known, studies, instances }]]));
    },
  };
}

function ofRuns(ledger: WorkLedger): Pick<CleanerMemory, 'knownServer' | 'noteServer' | 'noteRun'> {
  const server = notesOf<ServerNote>(ledger, 'server');
  return {
    knownServer: () => server.all.get('orthanc'),
    noteServer: (note) => {
      if (server.all.get('orthanc')?.databaseIdentifier === note.databaseIdentifier) return;
      server.put(new Map([['orthanc', note]]));
      ledger.flush();
    },
    noteRun: (note) => {
      notesOf<RunNote>(ledger, 'run').put(new Map([['last', note]]));
      ledger.flush();
    },
  };
}

function notesOf<Note>(ledger: WorkLedger, item: MemoryItem) {
  const all = readNotes<Note>(ledger, item);
  return {
    all: all as ReadonlyMap<string, Note>,
    put(notes: ReadonlyMap<string, Note>): void {
      if (notes.size === 0) return;
      ledger.remember(
        item,
        [...notes].map(([part, note]): PartNote => ({ part, note: JSON.stringify(note) })),
      );
      for (const [id, note] of notes) all.set(id, note);
    },
    remove(ids: Iterable<string>): void {
      const known = [...ids].filter((id) => all.has(id));
      if (known.length === 0) return;
      ledger.forget(item, known);
      for (const id of known) all.delete(id);
    },
  };
}

/** Also for a ledger that is only looked at. */
export function readNotes<Note>(ledger: Pick<WorkLedger, 'remembered'>, item: MemoryItem): Map<string, Note> {
  const notes = new Map<string, Note>();
  for (const { part, note } of eachRemembered(ledger, item)) notes.set(part, JSON.parse(note) as Note);
  return notes;
}
