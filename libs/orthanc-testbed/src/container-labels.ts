import { hostname } from 'node:os';
import type { DockerEngine } from './docker-engine.ts';
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

/** Removes the containers of processes of this machine that died without doing so. */
export async function sweepContainers(engine: DockerEngine): Promise<void> {
  const found = await engine.listContainers({
    all: true,
    filters: { label: [`${machineLabel}=${hostname()}`] },
  });
  for (const { Id: id, Labels: labels, Names: names } of found) {
    if (names.some((name) => name.startsWith(`/${keptPrefix}`)) || !isAbandoned(labels[ownerLabel])) continue;
    await engine
      .getContainer(id)
      .remove({ force: true, v: true })
      .catch(() => undefined); // another process sweeps at the same time
  }
}

function isAbandoned(owner: string | undefined): boolean {
  if (owner === undefined) return false;
  const identity = JSON.parse(owner) as { pid: number; startedAt: string };
  return !isAlive(identity);
}
