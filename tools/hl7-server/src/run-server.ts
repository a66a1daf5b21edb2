import { readFileSync } from 'node:fs';
import { asFailure, configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { type Listener, startListener, usualLimits } from '@orthanc-tools/mllp';
import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { openStore } from '@orthanc-tools/work-ledger';
import { journalPlace } from './journal-place.ts';
import { journalShape } from './journal-shape.ts';
import { keepHouse } from './keep-house.ts';
import { openOutput } from './open-output.ts';
import type { Hl7ServerOptions } from './options.ts';
import { readProfile } from './read-profile.ts';
import { takeInFiles } from './take-in-files.ts';
import { watchMessages } from './watch-messages.ts';
import { type WorklistServer, openWorklistServer } from './worklist-server.ts';

const megabyte = 1024 * 1024;

function fileOf(option: 'tlsCert' | 'tlsKey' | 'tlsClientCa', path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw configurationError(
      'TLS_FILE_UNREADABLE',
      `${nameOf(option)}: "${path}" cannot be read (${code}).`,
      { cause },
    );
  }
}

function tlsOf({ tlsCert, tlsKey, tlsKeyPassphrase, tlsClientCa }: Hl7ServerOptions) {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return {
    cert: fileOf('tlsCert', tlsCert),
    key: fileOf('tlsKey', tlsKey),
    ...(tlsKeyPassphrase !== undefined && { passphrase: tlsKeyPassphrase }),
    clientAuthorities: tlsClientCa === undefined ? undefined : fileOf('tlsClientCa', tlsClientCa),
  };
}

function listen(options: Hl7ServerOptions, { answerer }: WorklistServer, run: RunContext): Promise<Listener> {
  return startListener({
    port: options.port,
    host: options.listenHost,
    allowedAddresses: options.allowedAddresses ?? [],
    maxConnections: options.maxConnections,
    maxConnectionsPerAddress: options.maxConnectionsPerAddress,
    maxHeldBytes: options.maxHeldMegabytes * megabyte,
    limits: {
      ...usualLimits,
      maxFrameBytes: options.maxFrameMegabytes * megabyte,
      idleTimeoutMs: options.idleTimeout,
      stallTimeoutMs: options.stallTimeout,
      frameTimeoutMs: options.frameTimeout,
      writeTimeoutMs: options.answerTimeout,
    },
    tls: tlsOf(options),
    tell: (event, facts) => run.log.debug(event, facts),
    ...answerer,
  });
}

/** Resolves when the run is to stop, rejects with the first failure of what runs beside it. */
async function untilStopped(signal: AbortSignal, beside: readonly Promise<void>[]): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([stopped, Promise.all(beside).then(() => stopped)]);
}

/** What is left from before is put in order; an output that is away may come later. */
async function putInOrder(clean: () => Promise<void>, { log }: RunContext): Promise<void> {
  try {
    await clean();
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    log.warn('worklists.away', { reason: describeFailure(error).message });
  }
}

function orthancOf({ orthancUrl, ...options }: Hl7ServerOptions): Orthanc | undefined {
  return orthancUrl === undefined
    ? undefined
    : connectOrthanc(connectionFrom({ ...options, orthancUrl }, 'orthanc'));
}

/** Takes messages until it is stopped; answers what it has taken before it ends. */
export async function runServer(options: Hl7ServerOptions, run: RunContext): Promise<RunOutcome> {
  const profile = await readProfile(options.profile);
  await using orthanc = orthancOf(options);
  using store = openStore(journalPlace(options.journalPath, run.stateFolder), journalShape);
  const output = await openOutput(options, orthanc, run);
  await putInOrder(() => output.clean(), run);
  const server = openWorklistServer({ options, profile, store, output, orthanc, run });
  await putInOrder(() => takeInFiles(server, output, run), run);
  const listener = await listen(options, server, run);
  run.log.info('server.listening', {
    port: listener.port,
    worklists: output.describe,
    profile: profile.name,
  });
  const house = keepHouse({ server, output, orthanc, options, run }).catch(ignoreAbort);
  const watching =
    options.watchFolder === undefined
      ? []
      : [
          watchMessages({
            folder: options.watchFolder,
            everyMs: options.watchInterval,
            maxBytes: options.maxFrameMegabytes * megabyte,
            answerer: server.answerer,
            run,
          }).catch(ignoreAbort),
        ];
  try {
    await untilStopped(run.signal, [house, ...watching]);
  } finally {
    await listener.close();
    await server.queue.idle();
  }
  await Promise.all([house, ...watching]);
  return {
    exitCode: exitCodes.done,
    summary: { ...server.totals, openWorklists: server.book.counts().open },
  };
}

function ignoreAbort(error: unknown): void {
  if ((error as { name?: unknown }).name !== 'AbortError') throw error;
}
