import { configurationError } from '@orthanc-tools/failures';
import { sweepContainers } from './container-labels.ts';
import { hostOfContainers, startContainerOrthanc } from './container-orthanc.ts';
import { connectEngine } from './docker-engine.ts';
import { addressOfThisMachine } from './machine-address.ts';
import { startNativeOrthanc } from './native-orthanc.ts';
import { orthancImage } from './orthanc-image.ts';
import { provisionEngine } from './provision-engine.ts';
import { sweepRunFolders } from './run-folder.ts';
import type { OrthancRequest, OrthancVersion, RunningOrthanc } from './running-orthanc.ts';
import { unpackedOrthanc } from './unpacked-orthanc.ts';

type Say = (line: string) => void;

export type TestbedProvider = 'containers' | 'native';

/** Where real Orthancs come from on this machine. */
export interface Testbed {
  readonly provider: TestbedProvider;
  /** One line for people: the provider, and why this one. */
  describe(): string;
  /** Makes ready what the first `startOrthanc` would otherwise wait for. Tells what it is: a folder, an image. */
  prepare(version?: OrthancVersion): Promise<string>;
  /** Starts an Orthanc and waits until it is ready. */
  startOrthanc(request?: OrthancRequest): Promise<RunningOrthanc>;
  /**
   * By this address an Orthanc of the testbed reaches this machine, for instance a fault proxy that listens on 0.0.0.0;
   * and where the machine has a network, it reaches itself by the same.
   */
  readonly hostAddress: string;
}

export interface TestbedOptions {
  /** Taken instead of what this machine offers. */
  readonly provider?: TestbedProvider;
  /** Where progress of slow steps goes; standard error, if missing. */
  readonly say?: Say;
}

/** Chooses the provider once, and removes what dead processes have left behind. */
export async function openTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  if (options.provider === 'native') return nativeTestbed(say, 'as asked for');
  if (await provisionEngine(say)) return await containerTestbed(say);
  if (options.provider === undefined) return nativeTestbed(say, 'as no Docker engine answers');
  throw configurationError(
    'ENGINE_NOT_AVAILABLE',
    'No Docker engine answers, and containers were asked for.',
  );
}

function nativeTestbed(say: Say, why: string): Testbed {
  sweepRunFolders();
  const root = (version: OrthancVersion = '1.13'): Promise<string> => unpackedOrthanc(version, say);
  return {
    provider: 'native',
    hostAddress: '127.0.0.1',
    describe: () => `native processes from Debian packages, ${why}`,
    prepare: root,
    startOrthanc: async (request = {}) => await startNativeOrthanc(await root(request.version), request),
  };
}

async function containerTestbed(say: Say): Promise<Testbed> {
  const engine = await connectEngine();
  await sweepContainers(engine);
  const { ServerVersion: engineVersion } = (await engine.info()) as { ServerVersion: string };
  const image = (version: OrthancVersion = '1.13', needsMovedClock = false): Promise<string> =>
    orthancImage({ version, needsMovedClock, say });
  return {
    provider: 'containers',
    hostAddress: addressOfThisMachine() ?? hostOfContainers,
    describe: () => `containers, on Docker engine ${engineVersion}`,
    prepare: image,
    startOrthanc: async (request = {}) =>
      await startContainerOrthanc(await image(request.version, request.clock !== undefined), request),
  };
}
