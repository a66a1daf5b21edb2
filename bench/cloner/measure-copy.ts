import { compareSnapshots, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc, Snapshot, Testbed } from '@orthanc-tools/orthanc-testbed';
import { openDistantLink } from '../measure/distant-link.ts';
import { machineCpuSeconds, shareOfMachine } from '../measure/machine-cpu.ts';
import type { Contender } from './contender.ts';

/** What every copy of one data set starts from. */
export interface Ground {
  readonly testbed: Testbed;
  readonly source: RunningOrthanc;
  readonly held: Snapshot;
  readonly bytes: number;
  readonly signal: AbortSignal;
}

/** One copy of the whole data set. */
export interface Measurement {
  readonly seconds: number;
  readonly instancesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** CPU milliseconds per instance. */
  readonly cpu: {
    readonly tool: number;
    readonly source: number;
    readonly destination: number;
    readonly sum: number;
  };
  readonly peakMegabytes: number | undefined;
  /** The part of the machine, 0 to 1, that others than tool and servers used meanwhile; the distant link too. */
  readonly foreignShare: number;
}

// Orthanc's own default. With the two seconds of the testbed, the DICOMweb plugin would prepare answers about what has
// just arrived while the rest arrives, and the slower a copy, the more of that would be counted as its cost.
const configuration = { StableAge: 60 };

/** Copies into a fresh destination, and looks there whether everything has arrived as it was. */
export async function measureCopy(contender: Contender, ground: Ground): Promise<Measurement> {
  const { testbed, source, signal } = ground;
  await using destination = await testbed.startOrthanc({ name: 'destination', configuration });
  await using link =
    contender.roundTripMs === undefined
      ? undefined
      : await openDistantLink(contender.roundTripMs, { source: source.url, destination: destination.url });
  const place = {
    source: link?.source ?? source.url,
    destination: link?.destination ?? destination.url,
    signal,
  };
  await using stack = new AsyncDisposableStack();
  if (contender.isPeering) stack.use(await introduce(source, destination));
  const readCpu = async () => ({
    source: await source.cpuSeconds(),
    destination: await destination.cpuSeconds(),
    machine: machineCpuSeconds(),
  });
  const before = await readCpu();
  const startedAt = performance.now();
  const cost = await contender.copy(place);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await readCpu();
  await assertComplete(contender.name, ground, destination);
  const cpu = {
    tool: cost.cpuSeconds,
    source: after.source - before.source,
    destination: after.destination - before.destination,
  };
  const sum = cpu.tool + cpu.source + cpu.destination;
  const perInstance = (cpuSeconds: number): number => (cpuSeconds * 1000) / ground.held.size;
  return {
    seconds,
    instancesPerSecond: ground.held.size / seconds,
    megabytesPerSecond: ground.bytes / 1e6 / seconds,
    cpu: {
      tool: perInstance(cpu.tool),
      source: perInstance(cpu.source),
      destination: perInstance(cpu.destination),
      sum: perInstance(sum),
    },
    peakMegabytes: cost.peakBytes === undefined ? undefined : cost.peakBytes / 1e6,
    foreignShare: shareOfMachine(after.machine - before.machine - sum, seconds),
  };
}

/** Lets the source know the destination as its peer, until disposed of. */
async function introduce(source: RunningOrthanc, destination: RunningOrthanc): Promise<AsyncDisposable> {
  const path = `${source.url}/peers/destination`;
  const answer = await fetch(path, {
    method: 'PUT',
    body: JSON.stringify({ Url: `${destination.peerUrl}/` }),
  });
  if (!answer.ok) throw new Error(`The source took no peer: ${String(answer.status)}`);
  return {
    [Symbol.asyncDispose]: async () => {
      await fetch(path, { method: 'DELETE' });
    },
  };
}

async function assertComplete(
  name: string,
  { held, signal }: Ground,
  destination: RunningOrthanc,
): Promise<void> {
  signal.throwIfAborted();
  const { areEqual, onlyInFirst, onlyInSecond, different } = compareSnapshots(
    held,
    await snapshotOrthanc(destination),
  );
  if (areEqual) return;
  const [missing, strange, changed] = [onlyInFirst, onlyInSecond, different].map(({ length }) =>
    String(length),
  );
  throw new Error(
    `${name}: ${String(missing)} missing, ${String(strange)} too many, ${String(changed)} changed: no measurement`,
  );
}
