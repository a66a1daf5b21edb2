import { request } from 'node:http';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';

export type DockerEngine = ContainerRuntimeClient['container']['dockerode'];

/** Whether a Docker engine answers. Without a socket this costs nothing: testcontainers is not even loaded. */
export async function engineAnswers(): Promise<boolean> {
  if (process.env['DOCKER_HOST'] !== undefined) {
    return await connectEngine().then(
      () => true,
      () => false,
    );
  }
  for (const socket of usualSockets()) if (existsSync(socket) && (await ping(socket))) return true;
  return false;
}

/** The engine that testcontainers uses. @throws when none answers */
export async function connectEngine(): Promise<DockerEngine> {
  return (await runtimeClient()).container.dockerode;
}

/** The name by which this machine reaches published ports. */
export async function engineHost(): Promise<string> {
  const { host } = (await runtimeClient()).info.containerRuntime;
  return host === 'localhost' ? '127.0.0.1' : host;
}

async function runtimeClient(): Promise<ContainerRuntimeClient> {
  // Its reaper is an image, which cannot be had without a registry; the testbed cleans up itself.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { getContainerRuntimeClient } = await import('testcontainers');
  return await getContainerRuntimeClient();
}

function usualSockets(): string[] {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(homedir(), '.docker/run/docker.sock'),
  ];
}

async function ping(socketPath: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const asking = request({ socketPath, path: '/_ping', timeout: 3000, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asking.on('error', () => {
      resolve(false);
    });
    asking.on('timeout', () => asking.destroy());
    asking.end();
  });
}
