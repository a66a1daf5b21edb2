import { compareSnapshots, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc, Snapshot, Testbed } from '@orthanc-tools/orthanc-testbed';
import type { Cost } from './cost.ts';
import { machineCpuSeconds, shareOfMachine } from './machine-cpu.ts';

/** What every upload of one data set starts from. */
export interface UploadGround {
  readonly testbed: Testbed;
  /** What the Orthanc must hold in the end. */
  readonly expected: Snapshot;
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** One way to get the whole data set into an Orthanc. */
export interface Contender<Role extends string, Ground extends UploadGround> {
  readonly name: string;
  /** Of several with the same role, the fastest counts. */
  readonly role: Role;
  bring(ground: Ground, destination: string): Promise<Cost>;
}

/** One upload of the whole data set. */
export interface Measurement {
  readonly seconds: number;
  readonly instancesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** CPU milliseconds per instance. */
  readonly cpu: { readonly tool: number; readonly orthanc: number; readonly sum: number };
  readonly peakMegabytes: number | undefined;
  /** The part of the machine, 0 to 1, that others than tool and server used meanwhile. */
  readonly foreignShare: number;
}

// Orthanc's own default: with less, what its plugins do to stable studies would count as cost of whoever is slow.
const usualStableAge = 60;

/** Of thousands of series, the DICOMweb plugin would prepare answers for longer than the upload takes (seconds). */
export const neverStable = 86_400;

/** Uploads into a fresh Orthanc, and looks there whether everything has arrived as it was. */
export async function measureUpload<Ground extends UploadGround>(
  contender: Contender<string, Ground>,
  ground: Ground,
  stableAge = usualStableAge,
): Promise<Measurement> {
  const configuration = { StableAge: stableAge };
  await using orthanc = await ground.testbed.startOrthanc({ name: 'destination', configuration });
  const readCpu = async () => ({ orthanc: await orthanc.cpuSeconds(), machine: machineCpuSeconds() });
  const before = await readCpu();
  const startedAt = performance.now();
  const cost = await contender.bring(ground, orthanc.url);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await readCpu();
  await assertComplete(contender.name, ground, orthanc);
  const used = { tool: cost.cpuSeconds, orthanc: after.orthanc - before.orthanc };
  const sum = used.tool + used.orthanc;
  const perInstance = (cpuSeconds: number): number => (cpuSeconds * 1000) / ground.expected.size;
  return {
    seconds,
    instancesPerSecond: ground.expected.size / seconds,
    megabytesPerSecond: ground.bytes / 1e6 / seconds,
    cpu: { tool: perInstance(used.tool), orthanc: perInstance(used.orthanc), sum: perInstance(sum) },
    peakMegabytes: cost.peakBytes === undefined ? undefined : cost.peakBytes / 1e6,
    foreignShare: shareOfMachine(after.machine - before.machine - sum, seconds),
  };
}

async function assertComplete(
  name: string,
  { expected, signal }: UploadGround,
  orthanc: RunningOrthanc,
): Promise<void> {
  signal.throwIfAborted();
  const compared = compareSnapshots(expected, await snapshotOrthanc(orthanc));
  if (compared.areEqual) return;
  const [missing, strange, changed] = [compared.onlyInFirst, compared.onlyInSecond, compared.different].map(
    ({ length }) => String(length),
  );
  throw new Error(
    `${name}: ${String(missing)} missing, ${String(strange)} too many, ${String(changed)} changed: no measurement`,
  );
}
