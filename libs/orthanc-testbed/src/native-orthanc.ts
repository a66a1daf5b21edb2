import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeOrthanc, movedClock } from './compose-configuration.ts';
import type { ComposedOrthanc } from './compose-configuration.ts';
import { freePort } from './free-ports.ts';
import { startNativeProcess } from './native-process.ts';
import type { NativeProcess } from './native-process.ts';
import { versionInLog } from './orthanc-log.ts';
import { processCpuSeconds } from './process-identity.ts';
import { createRunFolder } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';
import type { OrthancRequest, RunningOrthanc } from './running-orthanc.ts';

interface Ports {
  readonly http: number;
  readonly dicom: number;
}

interface NativeSetup {
  readonly root: string;
  readonly folder: RunFolder;
  readonly composed: ComposedOrthanc;
  readonly ports: Ports;
}

const attempts = 5;

/** Starts an Orthanc as a process of this machine. */
export async function startNativeOrthanc(root: string, request: OrthancRequest): Promise<RunningOrthanc> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = createRunFolder();
    const setup = prepare(root, folder, {
      request,
      ports: { http: await freePort(), dicom: await freePort() },
    });
    try {
      return runningOrthanc(setup, await launch(setup));
    } catch (error) {
      const lostRace = error instanceof Error && /already in use|Unable to bind|port/i.test(error.message);
      folder.remove();
      if (!lostRace || attempt === attempts) throw error;
    }
  }
}

function prepare(
  root: string,
  folder: RunFolder,
  { request, ports }: { request: OrthancRequest; ports: Ports },
): NativeSetup {
  const files = join(folder.path, 'files');
  const storageFolder = join(folder.path, 'storage');
  for (const path of [files, storageFolder]) mkdirSync(path);
  const place = {
    storageFolder,
    httpPort: ports.http,
    dicomPort: ports.dicom,
    filePath: (name: string) => join(files, name),
  };
  const composed = composeOrthanc(request, place);
  for (const [name, content] of Object.entries(composed.files)) writeFileSync(join(files, name), content);
  return { root, folder, composed, ports };
}

async function launch({ root, folder, composed }: NativeSetup, clock?: string): Promise<NativeProcess> {
  const environment = {
    ...composed.environment,
    ...(clock !== undefined && movedClock(clock)),
    ORTHANC_JSON: JSON.stringify(composed.configuration),
  };
  const started = await startNativeProcess({ root, runFolder: folder.path, environment });
  folder.recordServer(started.pid);
  return started;
}

function runningOrthanc(setup: NativeSetup, first: NativeProcess): RunningOrthanc {
  const { folder, composed, ports } = setup;
  let current = first;
  const url = `http://127.0.0.1:${String(ports.http)}`;
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    await current.end(signal);
  };
  let clock: string | undefined;
  const start = async (): Promise<void> => {
    await end('SIGTERM');
    current = await launch(setup, clock);
  };
  return {
    name: composed.name,
    aet: composed.aet,
    version: versionInLog(first.log) ?? '',
    url,
    peerUrl: url,
    dicomHost: '127.0.0.1',
    dicomPort: ports.dicom,
    modality: [composed.aet, '127.0.0.1', ports.dicom],
    storageFolder: join(folder.path, 'storage'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    start,
    restart: start,
    restartAt: async (wanted) => {
      clock = wanted;
      await start();
    },
    cpuSeconds: async () => await Promise.resolve(processCpuSeconds(current.pid)),
    log: async () => await Promise.resolve(readFileSync(join(folder.path, 'orthanc.log'), 'utf8')),
    keep: async () => {
      folder.keep();
      current.forget();
      return await Promise.resolve(`kill ${String(current.pid)}; rm -r ${folder.path}`);
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
      folder.remove();
    },
  };
}
