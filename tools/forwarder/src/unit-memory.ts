import { isSameFile } from '@orthanc-tools/copy-proof';
import { type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';
import type { Verification } from './destination.ts';
import type { Remembered } from './judge-instance.ts';
import type { Made, Outgoing } from './open-route.ts';
import type { Proved } from './plan-deletion.ts';
import { suffices } from './proof-strength.ts';

/** What a destination's ledger remembers of one instance. */
export interface InstanceMemory extends Remembered {
  readonly md5: string | undefined;
  /** Where the inbox keeps no MD5. */
  readonly fileUuid?: string | undefined;
  readonly size: number;
  /** It may have been sent: a job was ordered, and nobody has heard that it was refused as a whole. */
  readonly isBegun?: true;
  /** The job is known to have ended without success: what it has not brought it will not bring any more. */
  readonly isFailed?: true | undefined;
  /** Once it was proved. */
  readonly proof?: string | undefined;
  /** What was made of it on the way, where it is changed: what was sent, and is proved. */
  readonly made?: Made;
}

/** No instance: Orthanc's identifiers hold digits, letters a to f and dashes only. */
const jobPart = 'job';

/** What one destination's ledger remembers of a unit. */
export interface UnitMemory {
  readonly instances: ReadonlyMap<string, InstanceMemory>;
  readonly job: BegunJob | undefined;
}

/** A job of the inbox that may have been begun, and may have ended, without anybody having noted how. */
export interface BegunJob {
  /** Missing where nobody lived to hear it. */
  readonly id?: string;
  readonly instances: readonly string[];
  /** Of which the remote held nothing, and all was meant: what has come to them meanwhile may have travelled too. */
  readonly series?: readonly string[] | undefined;
}

export function readMemory(ledger: Pick<WorkLedger, 'remembered'>, key: string): UnitMemory {
  const instances = new Map<string, InstanceMemory>();
  let job: BegunJob | undefined;
  for (const { part, note } of eachRemembered(ledger, key)) {
    if (part === jobPart) job = JSON.parse(note) as BegunJob;
    else instances.set(part, JSON.parse(note) as InstanceMemory);
  }
  return { instances, job };
}

/** What was remembered of other bytes under the same identifier, or otherwise changed, says nothing about these. */
export function memoryOf(
  { id, md5, size, fileUuid, made }: Outgoing,
  known: UnitMemory | undefined,
): InstanceMemory | undefined {
  const memory = known?.instances.get(id);
  const isSame = memory !== undefined && isSameFile({ md5, size, fileUuid }, fileOf(memory));
  return isSame && memory.made?.md5 === made?.md5 && memory.made?.id === made?.id ? memory : undefined;
}

/** A note leaves out what is undefined. */
export const fileOf = ({ md5, size, fileUuid }: Pick<InstanceMemory, 'md5' | 'size' | 'fileUuid'>) => ({
  md5,
  size,
  ...(fileUuid !== undefined && { fileUuid }),
});

/** What was learnt of instances of one unit. */
export type Learnt = readonly [
  key: string,
  memories: Iterable<readonly [id: string, memory: InstanceMemory]>,
];

/** Durable on return, by one wait for the disk for all units. */
export function rememberInstances(
  ledger: Pick<WorkLedger, 'remember' | 'flush'>,
  units: Iterable<Learnt>,
): void {
  for (const [key, memories] of units) ledger.remember(key, toNotes(memories));
  ledger.flush();
}

function* toNotes(memories: Learnt[1]) {
  for (const [part, memory] of memories) yield { part, note: JSON.stringify(memory) };
}

/** The job that may have been begun for each unit; undefined where it was heard of how it ended. Durable on return. */
export function rememberJobs(
  ledger: Pick<WorkLedger, 'remember' | 'forget' | 'flush'>,
  jobs: Iterable<readonly [key: string, job: BegunJob | undefined]>,
): void {
  for (const [key, job] of jobs)
    if (job === undefined) ledger.forget(key, [jobPart]);
    else ledger.remember(key, [{ part: jobPart, note: JSON.stringify(job) }]);
  ledger.flush();
}

/** What was proved well enough for what is ordered now, for the plan of what may be deleted. */
export function provedIn({ instances }: UnitMemory, ordered: Verification | undefined): Map<string, Proved> {
  const proved = new Map<string, Proved>();
  for (const [id, { proof, ...memory }] of instances)
    if (proof !== undefined && suffices(proof, ordered)) proved.set(id, { proof, ...fileOf(memory) });
  return proved;
}
