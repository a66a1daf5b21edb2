import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { ownershipLabels } from './container-labels.ts';
import { joinFrames, readContainerLog } from './container-log.ts';
import { hostOfContainers } from './container-orthanc.ts';
import { connectEngine } from './docker-engine.ts';
import type { DockerEngine } from './docker-engine.ts';

type EngineContainer = ReturnType<DockerEngine['getContainer']>;

/** How a compose file would say it. */
export interface ToolContainerRequest {
  readonly image: string;
  /** The image's own, if missing. */
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly network: string;
  /** Volumes by the folder where they are mounted. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/** A tool in a container, with a root file system that nobody can write to, and without any capability. */
export interface ToolContainer extends AsyncDisposable {
  /** Resolves when the text has been printed so many times; rejects when the tool ends without that. */
  printed(text: string, times?: number): Promise<void>;
  /** Resolves when the image's own health check succeeds. */
  isHealthy(): Promise<void>;
  /** Its exit code, when it has ended by itself. */
  ended(): Promise<number>;
  /** As `docker stop` does: SIGTERM, and SIGKILL after ten seconds. @returns its exit code; 137 after SIGKILL */
  stop(): Promise<number>;
  /** A further process in the same container. @returns what it printed */
  exec(words: readonly string[]): Promise<string>;
  /** All that it has written to both streams. */
  log(): Promise<string>;
}

const limitMs = 60_000;

export async function startToolContainer(request: ToolContainerRequest): Promise<ToolContainer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  class HardenedContainer extends GenericContainer {
    harden(): this {
      this.hostConfig.ReadonlyRootfs = true;
      // The image's own check, asked sooner.
      this.createOpts.Healthcheck = { Interval: 500_000_000, Timeout: 10_000_000_000 };
      return this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges');
    }
  }
  const { image, entrypoint, command, environment = {}, network, volumes = {} } = request;
  const container = new HardenedContainer(image)
    .harden()
    .withEnvironment(environment)
    .withNetworkMode(network)
    .withBindMounts(Object.entries(volumes).map(([target, source]) => ({ source, target })))
    .withExtraHosts([{ host: hostOfContainers, ipAddress: 'host-gateway' }])
    .withLabels(ownershipLabels())
    // Whoever starts it waits for what it prints; a tool may also end at once.
    .withWaitStrategy(Wait.forAll([]));
  if (entrypoint !== undefined) container.withEntrypoint([...entrypoint]);
  if (command !== undefined) container.withCommand([...command]);
  const started = await container.start();
  return toolContainer((await connectEngine()).getContainer(started.getId()));
}

function toolContainer(container: EngineContainer): ToolContainer {
  const log = (): Promise<string> => readContainerLog(container);
  const exitCode = async (): Promise<number> =>
    ((await container.wait()) as { StatusCode: number }).StatusCode;
  return {
    log,
    ended: exitCode,
    printed: (text, times = 1) =>
      until(container, `printing ${text}`, async () => (await log()).split(text).length > times),
    isHealthy: () =>
      until(container, 'being healthy', async () => {
        const { State: state } = await container.inspect();
        return state.Health?.Status === 'healthy';
      }),
    async stop() {
      await container.stop({ t: 10 });
      return await exitCode();
    },
    async exec(words) {
      const exec = await container.exec({ Cmd: [...words], AttachStdout: true, AttachStderr: true });
      return joinFrames(await bytesOf(await exec.start({})));
    },
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true, v: true });
    },
  };
}

/** @throws Error with the end of the log when the container ends first, or after a minute */
async function until(
  container: EngineContainer,
  what: string,
  isTrue: () => Promise<boolean>,
): Promise<void> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await delay(100)) {
    const { State: state } = await container.inspect();
    if (await isTrue()) return;
    if (!state.Running)
      throw await failed(`It ended with ${String(state.ExitCode)} before ${what}`, container);
  }
  throw await failed(`No ${what} within ${String(limitMs / 1000)} s`, container);
}

async function failed(why: string, container: EngineContainer): Promise<Error> {
  return new Error(`${why}:\n${(await readContainerLog(container)).slice(-4000)}`);
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
