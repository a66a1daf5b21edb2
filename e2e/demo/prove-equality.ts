import { createHash } from 'node:crypto';
import { compareSnapshots, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc, Snapshot } from '@orthanc-tools/orthanc-testbed';
import type { Narrator } from './narrator.ts';

interface Counts {
  readonly CountPatients: number;
  readonly CountStudies: number;
  readonly CountSeries: number;
  readonly CountInstances: number;
}

export interface ProofRequest {
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
  /** What was uploaded to the source, counted then. */
  readonly instances: number;
  readonly narrator: Narrator;
}

/** Downloads every file of both servers and compares them, with no code and no word of the cloner. */
export async function proveEquality({
  source,
  destination,
  instances,
  narrator,
}: ProofRequest): Promise<boolean> {
  const counts = await Promise.all([countsOf(source), countsOf(destination)]);
  const held = [
    await snapshotOrthanc(source, { read: 'files' }),
    await snapshotOrthanc(destination, { read: 'files' }),
  ] as const;
  narrator.say(row('', ['source', 'destination']));
  for (const level of ['Patients', 'Studies', 'Series', 'Instances'] as const)
    narrator.say(
      row(
        level.toLowerCase(),
        counts.map((count) => count[`Count${level}`].toLocaleString('en')),
      ),
    );
  narrator.say(
    row(
      'bytes',
      held.map((snapshot) => bytesOf(snapshot).toLocaleString('en')),
    ),
  );
  narrator.say(
    row(
      'SHA-256 of all files',
      held.map((snapshot) => digestOf(snapshot).slice(0, 16)),
    ),
  );
  const { areEqual, ...differences } = compareSnapshots(...held);
  const hasAll = held[0].size === instances && held[1].size === instances && instances > 0;
  if (!hasAll)
    narrator.bad(
      `${String(instances)} instances were seeded; the servers hold ${held.map(({ size }) => size).join(' and ')}`,
    );
  for (const [kind, ids] of Object.entries(differences))
    if (ids.length > 0) narrator.bad(`${kind}: ${String(ids.length)}, for instance ${String(ids[0])}`);
  return areEqual && hasAll && JSON.stringify(counts[0]) === JSON.stringify(counts[1]);
}

async function countsOf({ url }: RunningOrthanc): Promise<Counts> {
  const { CountPatients, CountStudies, CountSeries, CountInstances } = (await (
    await fetch(`${url}/statistics`)
  ).json()) as Counts;
  return { CountPatients, CountStudies, CountSeries, CountInstances };
}

const bytesOf = (snapshot: Snapshot): number =>
  [...snapshot.values()].reduce((sum, { bytes }) => sum + bytes, 0);

/** One hash that stands for all: of the lines "ID SHA-256", sorted. */
function digestOf(snapshot: Snapshot): string {
  const lines = [...snapshot].map(([id, { sha256 }]) => `${id} ${String(sha256)}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(22) + cells.map((cell) => cell.padStart(18)).join('');
