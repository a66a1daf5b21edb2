import { randomUUID } from 'node:crypto';
import { ownershipLabels } from './container-labels.ts';
import { startContainerOrthanc } from './container-orthanc.ts';
import { connectEngine } from './docker-engine.ts';
import { orthancImage } from './orthanc-image.ts';
import type { OrthancRequest, RunningOrthanc } from './running-orthanc.ts';
import { startToolContainer } from './tool-container.ts';
import type { ToolContainer, ToolContainerRequest } from './tool-container.ts';

/** A network of containers that know each other by name, as a compose file makes one. Disposing of it removes it and its volumes. */
export interface ContainerNetwork extends AsyncDisposable {
  /** `alias` is its name in the network, at port 8042. */
  startOrthanc(alias: string, request?: OrthancRequest): Promise<RunningOrthanc>;
  startTool(request: Omit<ToolContainerRequest, 'network'>): Promise<ToolContainer>;
  /** An empty volume. @returns its name */
  createVolume(): Promise<string>;
}

/** @throws when no engine answers */
export async function openContainerNetwork(
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<ContainerNetwork> {
  const stack = new AsyncDisposableStack();
  const engine = await connectEngine();
  const name = `orthanc-testbed-${randomUUID().slice(0, 8)}`;
  const network = await engine.createNetwork({ Name: name, Labels: ownershipLabels() });
  stack.defer(async () => {
    await network.remove();
  });
  return {
    async startOrthanc(alias, request = {}) {
      const needsMovedClock = request.clock !== undefined;
      const image = await orthancImage({ version: request.version ?? '1.13', needsMovedClock, say });
      return await startContainerOrthanc(image, request, { network: name, alias });
    },
    startTool: (request) => startToolContainer({ ...request, network: name }),
    async createVolume() {
      const volumeName = `${name}-${randomUUID().slice(0, 8)}`;
      await engine.createVolume({ Name: volumeName, Labels: ownershipLabels() });
      stack.defer(async () => {
        await engine.getVolume(volumeName).remove();
      });
      return volumeName;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
