import { compareSnapshots, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import { machineCpuSeconds, shareOfMachine } from '../measure/machine-cpu.ts';
import type { Contender } from './contender.ts';
import type { ImportGround } from './import-ground.ts';

/** One import of the whole data set. */
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

/** All rounds of one contender. */
export interface Result {
  readonly contender: Pick<Contender, 'name' | 'role'>;
  readonly rounds: readonly Measurement[];
}

// Orthanc's own default: with less, what its plugins do to stable studies would count as cost of whoever is slow.
const configuration = { StableAge: 60 };

/** Imports into a fresh Orthanc, and looks there whether everything has arrived as it was. */
export async function measureImport(contender: Contender, ground: ImportGround): Promise<Measurement> {
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
  { expected, signal }: ImportGround,
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
