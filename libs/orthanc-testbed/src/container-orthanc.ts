import { composeOrthanc } from './compose-configuration.ts';
import type { ComposedOrthanc } from './compose-configuration.ts';
import { keptName, ownershipLabels } from './container-labels.ts';
import { readContainerLog } from './container-log.ts';
import { connectEngine, engineHost } from './docker-engine.ts';
import type { DockerEngine } from './docker-engine.ts';
import { freePort } from './free-ports.ts';
import { untilStarted, versionInLog } from './orthanc-log.ts';
import type { OrthancRequest, RunningOrthanc } from './running-orthanc.ts';

type EngineContainer = ReturnType<DockerEngine['getContainer']>;

interface Published {
  readonly http: number;
  readonly dicom: number;
}

interface NetworkPlace {
  readonly network: string;
  /** The name by which the others of that network reach it. */
  readonly alias: string;
}

interface ContainerSetup {
  readonly container: EngineContainer;
  readonly composed: ComposedOrthanc;
  readonly published: Published;
  readonly host: string;
}

/** By this name containers reach the machine of their engine, and by it each other's published ports. */
export const hostOfContainers = 'host.docker.internal';

const inContainer = { http: 8042, dicom: 4242 };
const filesFolder = '/etc/orthanc-testbed';
const attempts = 5;

/** Starts an Orthanc in a container, in the engine's own network unless told otherwise. */
export async function startContainerOrthanc(
  image: string,
  request: OrthancRequest,
  place?: NetworkPlace,
): Promise<RunningOrthanc> {
  const composed = composeOrthanc(request, {
    storageFolder: '/var/lib/orthanc/db',
    httpPort: inContainer.http,
    dicomPort: inContainer.dicom,
    filePath: (name) => `${filesFolder}/${name}`,
  });
  for (let attempt = 1; ; attempt += 1) {
    const published = { http: await freePort(), dicom: await freePort() };
    try {
      const id = await createAndStart(image, composed, { published, place });
      const container = (await connectEngine()).getContainer(id);
      return await runningOrthanc({ container, composed, published, host: await engineHost() });
    } catch (error) {
      const lostRace =
        error instanceof Error && /port is already allocated|address already in use/i.test(error.message);
      if (!lostRace || attempt === attempts) throw error;
    }
  }
}

async function createAndStart(
  image: string,
  composed: ComposedOrthanc,
  { published, place }: { readonly published: Published; readonly place: NetworkPlace | undefined },
): Promise<string> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const files = Object.entries(composed.files).map(([name, content]) => ({
    content: typeof content === 'string' ? content : Buffer.from(content),
    target: `${filesFolder}/${name}`,
  }));
  // Fixed ports, as the engine would choose others at a restart.
  const container = new GenericContainer(image)
    .withExposedPorts(
      { container: inContainer.http, host: published.http },
      { container: inContainer.dicom, host: published.dicom },
    )
    .withEnvironment({ ...composed.environment, ORTHANC_JSON: JSON.stringify(composed.configuration) })
    .withCopyContentToContainer(files)
    .withLabels(ownershipLabels())
    .withExtraHosts([{ host: hostOfContainers, ipAddress: 'host-gateway' }])
    .withWaitStrategy(Wait.forLogMessage('Orthanc has started'))
    .withStartupTimeout(60_000);
  if (place !== undefined) container.withNetworkMode(place.network).withNetworkAliases(place.alias);
  return (await container.start()).getId();
}

async function runningOrthanc(setup: ContainerSetup): Promise<RunningOrthanc> {
  const { container, composed, published, host } = setup;
  const peerUrl = `http://${hostOfContainers}:${String(published.http)}`;
  const start = async (): Promise<void> => {
    const earlier = (await readContainerLog(container)).length;
    await container.start();
    await untilStarted({
      read: async () => (await readContainerLog(container)).slice(earlier),
      hasEnded: () => false,
    });
  };
  const stop = async (): Promise<void> => {
    await container.stop({ t: 20 }).catch(ignoreNotRunning);
  };
  return {
    name: composed.name,
    aet: composed.aet,
    version: versionInLog(await readContainerLog(container)) ?? '',
    url: `http://${host}:${String(published.http)}`,
    peerUrl,
    dicomHost: host,
    dicomPort: published.dicom,
    modality: [composed.aet, hostOfContainers, published.dicom],
    storageFolder: undefined,
    stop,
    kill: async () => {
      await container.kill().catch(ignoreNotRunning);
    },
    start,
    restart: async () => {
      await stop();
      await start();
    },
    restartAt: () =>
      Promise.reject(new Error('A container keeps its environment: ask for a native process.')),
    cpuSeconds: () => cpuSecondsOf(container),
    log: () => readContainerLog(container),
    keep: async () => {
      const name = keptName(composed.name, container.id);
      await container.rename({ name });
      return `docker rm -fv ${name}`;
    },
    [Symbol.asyncDispose]: async () => {
      await container.remove({ force: true, v: true });
    },
  };
}

function ignoreNotRunning(error: { statusCode?: number }): void {
  // 304 and 409: it does not run.
  if (error.statusCode !== 304 && error.statusCode !== 409) throw error;
}

async function cpuSecondsOf(container: EngineContainer): Promise<number> {
  const stats = await container.stats({ stream: false, 'one-shot': true });
  return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}
