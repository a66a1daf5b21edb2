// npm run bench -- cleaner|cloner|comparator|forwarder|hl7-server|importer|migrator|populator
import process from 'node:process';
import { asFailure, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { onFreshGround } from './measure/fresh-ground.ts';

const benches: Record<
  string,
  () => Promise<(args: readonly string[], signal: AbortSignal) => Promise<number>>
> = {
  cloner: async () => (await import('./cloner/cloner-bench.ts')).benchCloner,
  importer: async () => (await import('./importer/importer-bench.ts')).benchImporter,
  forwarder: async () => (await import('./forwarder/forwarder-bench.ts')).benchForwarder,
  migrator: async () => (await import('./migrator/migrator-bench.ts')).benchMigrator,
  comparator: async () => (await import('./comparator/comparator-bench.ts')).benchComparator,
  cleaner: async () => (await import('./cleaner/cleaner-bench.ts')).benchCleaner,
  'hl7-server': async () => (await import('./hl7-server/hl7-server-bench.ts')).benchHl7Server,
  populator: async () => (await import('./populator/populator-bench.ts')).benchPopulator,
};

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
    interrupted.abort();
  });
}

async function runBench([name = '', ...args]: readonly string[]): Promise<number> {
  const load = benches[name];
  if (load === undefined) {
    console.error(`npm run bench -- NAME, where NAME is one of: ${Object.keys(benches).join(', ')}`);
    return exitCodes.configuration;
  }
  try {
    return await onFreshGround(async () => (await load())(args, interrupted.signal));
  } catch (thrown) {
    const error = firstOf(thrown);
    if (interrupted.signal.aborted) {
      console.error('Interrupted.');
      return exitCodes.interrupted;
    }
    if (asFailure(error)?.kind !== 'configuration') throw error;
    console.error(describeFailure(error).message);
    return exitCodes.configuration;
  }
}

/** What went wrong first, where clearing up after it went wrong too. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

process.exitCode = await runBench(process.argv.slice(2));
