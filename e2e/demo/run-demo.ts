// npm run demo
import process from 'node:process';
import { asFailure, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { demoUsage, readDemoOptions } from './demo-options.ts';
import { createNarrator } from './narrator.ts';
import { playDemo } from './play-demo.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
    interrupted.abort();
  });
}

async function runDemo(args: readonly string[]): Promise<number> {
  const narrator = createNarrator();
  const { signal } = interrupted;
  try {
    const options = readDemoOptions(args);
    if (options === undefined) {
      process.stdout.write(`${demoUsage}\n`);
      return exitCodes.done;
    }
    const areEqual = await playDemo({ options, narrator, signal });
    if (areEqual) narrator.good('Both archives are equal.');
    else narrator.bad('The archives are NOT equal, or the cloner did not end well.');
    return areEqual ? exitCodes.done : exitCodes.differences;
  } catch (thrown) {
    const error = firstOf(thrown);
    if (signal.aborted) {
      narrator.bad('Interrupted; both servers are ended.');
      return exitCodes.interrupted;
    }
    if (asFailure(error)?.kind !== 'configuration') throw error;
    process.stderr.write(`${describeFailure(error).message}\n`);
    return exitCodes.configuration;
  }
}

/** What went wrong first, where clearing up after it went wrong too. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

process.exitCode = await runDemo(process.argv.slice(2));
