import { hostname } from 'node:os';
import type { DockerEngine } from './docker-engine.ts';
import { removeImage } from './engine-images.ts';
import { identifyProcess, isAlive } from './process-identity.ts';

const ownerLabel = 'orthanc-tools.testbed.owner';
const machineLabel = 'orthanc-tools.testbed.machine';
const keptPrefix = 'orthanc-kept-';

/** Says whose container it is, for the sweep after a crash. */
export function ownershipLabels(): Record<string, string> {
  return { [ownerLabel]: JSON.stringify(identifyProcess(process.pid)), [machineLabel]: hostname() };
}

/** A name under which the sweep leaves it alone. */
export function keptName(name: string, id: string): string {
  return `${keptPrefix}${name.replaceAll(/[^a-zA-Z0-9_.-]/g, '-')}-${id.slice(0, 8)}`;
}

/** Removes the containers, and what belongs to them, of processes of this machine that died without doing so. */
export async function sweepContainers(engine: DockerEngine): Promise<void> {
  const filters = { label: [`${machineLabel}=${hostname()}`] };
  const found = await engine.listContainers({ all: true, filters });
  for (const { Id: id, Labels: labels, Names: names } of found) {
    if (names.some((name) => name.startsWith(`/${keptPrefix}`)) || !isAbandoned(labels[ownerLabel])) continue;
    await engine
      .getContainer(id)
      .remove({ force: true, v: true })
      .catch(() => undefined); // another process sweeps at the same time
  }
  const { Volumes: volumes } = await engine.listVolumes({ filters });
  const images = await engine.listImages({ filters });
  const rest = [
    ...(await engine.listNetworks({ filters })).map((one) => ({ ...one, is: engine.getNetwork(one.Id) })),
    ...volumes.map((one) => ({ ...one, is: engine.getVolume(one.Name) })),
    ...images.map((one) => ({ ...one, is: { remove: () => removeImage(engine, one.Id) } })),
  ];
  for (const { Labels: labels, is } of rest) {
    // What a kept container still uses, the engine does not let go.
    if (isAbandoned(labels?.[ownerLabel])) await is.remove().catch(() => undefined);
  }
}

function isAbandoned(owner: string | undefined): boolean {
  if (owner === undefined) return false;
  const identity = JSON.parse(owner) as { pid: number; startedAt: string };
  return !isAlive(identity);
}
