import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import { machineCpuSeconds, shareOfMachine } from '../measure/machine-cpu.ts';
import { neverStable } from '../measure/measure-upload.ts';
import { type ForwardGround, alias } from './forward-ground.ts';
import type { ForwardWay } from './forward-ways.ts';
import { rest } from './rest.ts';

/** The whole data set forwarded once. */
export interface Forwarding {
  readonly way: Pick<ForwardWay, 'name' | 'role'>;
  readonly seconds: number;
  readonly instancesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** CPU milliseconds per instance. */
  readonly cpu: { readonly tool: number; readonly inbox: number; readonly destination: number };
  readonly peakMegabytes: number | undefined;
  /** The part of the machine, 0 to 1, that others used meanwhile. */
  readonly foreignShare: number;
}

/** Forwards into a fresh Orthanc that the inbox knows, and looks there whether everything has arrived. */
export async function measureForwarding(way: ForwardWay, ground: ForwardGround): Promise<Forwarding> {
  const { testbed, inbox, signal, expected } = ground;
  const configuration = { StableAge: neverStable, DicomAlwaysAllowFind: true };
  await using destination = await testbed.startOrthanc({ name: 'destination', configuration });
  await introduce(inbox, destination, signal);
  const readCpu = async () => ({
    inbox: await inbox.cpuSeconds(),
    destination: await destination.cpuSeconds(),
    machine: machineCpuSeconds(),
  });
  const before = await readCpu();
  const startedAt = performance.now();
  const { cpuSeconds, peakBytes, ...told } = await way.bring(ground, destination);
  const all = (performance.now() - startedAt) / 1000;
  const seconds = 'seconds' in told ? told.seconds : all;
  const after = await readCpu();
  await assertComplete(way.name, ground, destination);
  const used = { tool: cpuSeconds, ...difference(after, before) };
  const perInstance = (cpu: number): number => (cpu * 1000) / expected.size;
  return {
    way: { name: way.name, role: way.role },
    seconds,
    instancesPerSecond: expected.size / seconds,
    megabytesPerSecond: ground.bytes / 1e6 / seconds,
    cpu: {
      tool: perInstance(used.tool),
      inbox: perInstance(used.inbox),
      destination: perInstance(used.destination),
    },
    peakMegabytes: peakBytes === undefined ? undefined : peakBytes / 1e6,
    foreignShare: shareOfMachine(used.machine - used.tool - used.inbox - used.destination, all),
  };
}

type Cpu = Readonly<Record<'inbox' | 'destination' | 'machine', number>>;

const difference = (after: Cpu, before: Cpu): Cpu => ({
  inbox: after.inbox - before.inbox,
  destination: after.destination - before.destination,
  machine: after.machine - before.machine,
});

/** Each contender has a destination of its own, under the same name. */
async function introduce(
  inbox: RunningOrthanc,
  { modality, peerUrl }: RunningOrthanc,
  signal: AbortSignal,
): Promise<void> {
  const put = (path: string, body: unknown) => rest(inbox, path, { method: 'PUT', body, signal });
  await put(`/modalities/${alias}`, modality);
  await put(`/peers/${alias}`, { Url: peerUrl });
  await put(`/dicom-web/servers/${alias}`, { Url: `${peerUrl}/dicom-web/` });
}

async function assertComplete(
  name: string,
  { expected, signal }: ForwardGround,
  destination: RunningOrthanc,
): Promise<void> {
  const held = (await rest(destination, '/instances', { signal })) as string[];
  const strange = held.filter((id) => !expected.has(id)).length;
  if (held.length === expected.size && strange === 0) return;
  throw new Error(
    `${name}: ${String(held.length)} of ${String(expected.size)} there, ${String(strange)} strange: no measurement`,
  );
}
