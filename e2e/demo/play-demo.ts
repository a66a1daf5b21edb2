import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestbed } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc, Testbed } from '@orthanc-tools/orthanc-testbed';
import { buildCloner, cloneArchive } from './clone-archive.ts';
import type { DemoOptions } from './demo-options.ts';
import { keepServers } from './keep-servers.ts';
import type { Narrator } from './narrator.ts';
import { proveEquality } from './prove-equality.ts';
import { seedSource } from './seed-source.ts';

export interface DemoRequest {
  readonly options: DemoOptions;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

/** The whole demo. @returns whether both archives are equal */
export async function playDemo({ options, narrator, signal }: DemoRequest): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'orthanc-tools-demo-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await narrator.step('Build the cloner', () => buildCloner(folder, signal));
  const servers = await startServers({ narrator, signal }, stack);
  const { source, destination } = servers;
  const { instances } = await narrator.step('Fill the source with synthetic studies', async () => {
    const seeded = await seedSource(source, options, signal);
    const megabytes = (seeded.bytes / 1e6).toFixed(0);
    narrator.say(
      `${String(seeded.studies)} studies, ${String(seeded.instances)} instances, ${megabytes} MB; seed ${String(options.seed)}`,
    );
    return seeded;
  });
  const exitCode = await narrator.step('Clone', () => cloneArchive({ ...servers, folder, narrator, signal }));
  signal.throwIfAborted();
  const areEqual = await narrator.step('Prove it independently: download and hash every file of both', () =>
    proveEquality({ source, destination, instances, narrator }),
  );
  if (options.keep) await keepServers({ ...servers, folder, narrator }, stack);
  else narrator.say('Both servers end now. To look at them afterwards: npm run demo -- --keep');
  return areEqual && exitCode === 0;
}

interface Servers {
  readonly testbed: Testbed;
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
}

async function startServers(
  { narrator, signal }: Pick<DemoRequest, 'narrator' | 'signal'>,
  stack: AsyncDisposableStack,
): Promise<Servers> {
  const testbed = await narrator.step('Find an Orthanc for this machine', async () => {
    const opened = await openTestbed({ say: narrator.say });
    narrator.say(opened.describe());
    narrator.say(await opened.prepare());
    return opened;
  });
  signal.throwIfAborted();
  return await narrator.step('Start two real Orthancs', async () => {
    const source = stack.use(await testbed.startOrthanc({ name: 'source' }));
    const destination = stack.use(await testbed.startOrthanc({ name: 'destination' }));
    for (const { name, version, url } of [source, destination])
      narrator.say(`${name.padEnd(12)} Orthanc ${version}  ${url}`);
    return { testbed, source, destination };
  });
}
