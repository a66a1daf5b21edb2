import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { CleanerMemory, FailureNote, RunTotals } from '../run/cleaner-memory.ts';
import type { Fate } from './fate.ts';

/** What a run has deleted, and what it has left. */
export interface DeletionTally {
  deletedStudies: number;
  deletedInstances: number;
  /** As planned: of the files, before compression at rest. */
  deletedBytes: number;
  /** By somebody else, meanwhile. */
  vanishedStudies: number;
  /** Of which a part is deleted: the rest came within the last moment, or was left as the study is not as it was planned any more. */
  tornStudies: number;
  /** Left at the last look, by why. */
  readonly left: Map<string, number>;
  /** Orthanc's identifiers of studies. */
  readonly failures: Map<string, FailureNote>;
  /** Of which it is known how it ended; by the same. */
  readonly concluded: Set<string>;
  /** What of it the ledger knows. */
  recorded: RunTotals;
  /** Planned, and not come to: the run ended before. */
  untouchedStudies: number;
  /** Why the run ended before all was done. */
  endedBy: 'interruption' | 'hours' | 'orthanc' | 'rules' | 'configuration' | undefined;
}

export const emptyTally = (): DeletionTally => ({
  deletedStudies: 0,
  deletedInstances: 0,
  deletedBytes: 0,
  vanishedStudies: 0,
  tornStudies: 0,
  left: new Map(),
  failures: new Map(),
  concluded: new Set(),
  recorded: { studies: 0, instances: 0, bytes: 0 },
  untouchedStudies: 0,
  endedBy: undefined,
});

export function addFate(tally: DeletionTally, id: string, fate: Fate, at: number): void {
  tally.failures.delete(id);
  tally.concluded.add(id);
  switch (fate.is) {
    case 'deleted':
      tally.deletedStudies += 1;
      tally.deletedInstances += fate.instances;
      tally.deletedBytes += fate.bytes;
      return;
    case 'torn':
      addTorn(tally, fate.instances);
      return;
    case 'vanished':
      tally.vanishedStudies += 1;
      return;
    case 'left':
      tally.left.set(fate.why, (tally.left.get(fate.why) ?? 0) + 1);
      if (fate.gone !== undefined) addTorn(tally, fate.gone);
      return;
    case 'failed':
      addFailure(tally, id, fate.failure, at);
  }
}

export function addTorn(tally: DeletionTally, instances: number): void {
  tally.tornStudies += 1;
  tally.deletedInstances += instances;
}

/** In the ledger, with what a killed run would not have told there. */
export function recordTotals(tally: DeletionTally, memory: Pick<CleanerMemory, 'addTotals'>): void {
  const { deletedStudies: studies, deletedInstances: instances, deletedBytes: bytes, recorded } = tally;
  if (studies === recorded.studies && instances === recorded.instances) return;
  memory.addTotals({
    studies: studies - recorded.studies,
    instances: instances - recorded.instances,
    bytes: bytes - recorded.bytes,
  });
  tally.recorded = { studies, instances, bytes };
}

function addFailure(tally: DeletionTally, id: string, { code, message }: Failure, at: number): void {
  tally.failures.set(id, { code, message, at });
}

/** The failure that costs this portion only; anything else is thrown on. */
export function bearable(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined || failure.kind === 'configuration') throw error;
  return failure;
}
