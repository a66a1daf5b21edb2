import { asFailure, configurationError } from '@orthanc-tools/failures';
import { type Orthanc, unlessFullAt } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { seemOne } from '@orthanc-tools/server-examination';
import { type SendingBy, sendingTo, watchJobs } from '@orthanc-tools/sending-jobs';
import type { Logger } from '@orthanc-tools/telemetry';
import { nameOf } from '@orthanc-tools/tool-options';
import { type JobWay, carryByJobs } from './carry-by-jobs.ts';
import { carryWhileItWorks } from './carry-while-it-works.ts';
import type { Carrier } from './carrier.ts';
import { type ModeChoice, chooseMode } from './choose-mode.ts';
import type { ClonerOptions } from './options.ts';
import { findPeer, lookAtPeers } from './peers-at-source.ts';
import { relay } from './relay.ts';
import { relayAfterJobs } from './relay-after-jobs.ts';
import { sendByOwnJob, sendStraight } from './send-alone.ts';
import type { StudyMemory } from './study-memory.ts';

export interface CarrierRequest {
  readonly options: Pick<
    ClonerOptions,
    'mode' | 'destPeer' | 'destDicom' | 'jobTimeout' | 'transferCompression' | 'bandwidth'
  >;
  readonly source: Orthanc;
  readonly destination: Orthanc;
  readonly memory: StudyMemory;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** How instances travel, as ordered or, where nothing is ordered, as is best; tells which way it is, and why. */
export async function openCarrier(
  decide: () => Promise<DecidedMode>,
  request: CarrierRequest,
): Promise<Carrier> {
  const { log } = request;
  const decided = await decide();
  log.info('mode.chosen', { ...decided });
  if (decided.mode === 'Default') {
    const jobs = watchJobs(request.source, { clock: request.clock, stallLimit: request.options.jobTimeout });
    return relayAfterJobs({ ...request, jobs });
  }
  const unlessFull = unlessFullAt(request.destination, request.clock);
  if ('target' in decided) return carryByJobs({ ...jobWay({ ...request, ...decided }), unlessFull });
  // What others have the source do goes first, as nobody has ordered this here.
  const way = jobWay({ ...request, mode: 'Peering', target: decided.peer, priority: -1 });
  return carryWhileItWorks({ chosen: carryByJobs({ ...way, unlessFull }), fallback: relay, log });
}

/** By a mode that is ordered, or that was chosen. */
export type DecidedMode =
  ModeChoice | { readonly mode: JobMode; readonly target: string; readonly because: string };

type ModeRequest = Omit<CarrierRequest, 'memory' | 'clock'>;

/**
 * Which mode it is, and why; changes nothing anywhere.
 * @throws configuration failures where the source does not have what an ordered mode needs
 */
export async function decideMode(request: ModeRequest): Promise<DecidedMode> {
  const { mode, bandwidth } = request.options;
  if (mode === 'Auto' && bandwidth !== undefined)
    return {
      mode: 'Default',
      because: `${nameOf('bandwidth')} can be kept to only where images travel through the cloner`,
    };
  if (mode === 'Auto') return choose(request);
  const because = 'it is ordered';
  if (mode === 'Default') return { mode, because };
  return { mode, target: await targetOf(request, mode), because };
}

/** Who may not ask for the peers of the source has always been able to copy, and still is. */
async function choose(request: ModeRequest): Promise<ModeChoice> {
  const { destPeer: named } = request.options;
  try {
    const sights = await lookAtPeers(request, { named, onlySameAddress: true, signal: request.signal });
    return chooseMode(sights, named !== undefined);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    return { mode: 'Default', because: `the peers of the source cannot be looked at (${failure.code})` };
  }
}

export type JobMode = 'Peering' | 'Transfer' | 'Dicom';

const by: Readonly<Record<JobMode, SendingBy>> = {
  Peering: 'peer',
  Transfer: 'transfers',
  Dicom: 'modality',
};

interface JobWayRequest extends Omit<CarrierRequest, 'destination'> {
  readonly destination: Orthanc | undefined;
  readonly mode: JobMode;
  readonly target: string;
  readonly priority?: number;
}

export function jobWay(request: JobWayRequest): JobWay {
  const { source, destination: remote, options, memory, mode, target, priority, clock } = request;
  const compression = options.transferCompression;
  const stallLimit = options.jobTimeout;
  const way = { source, by: by[mode], target, remote, compression, priority, clock, stallLimit };
  const sending = sendingTo(way);
  const jobs = watchJobs(source, { clock, stallLimit });
  const rewrites = mode === 'Dicom';
  const sendAlone = rewrites ? sendByOwnJob(sending, jobs) : sendStraight(source, target);
  return { source, sending, jobs, memory, sendAlone, rewrites };
}

/** @throws configuration failures where the source does not have what the mode needs */
async function targetOf(request: ModeRequest, mode: JobMode): Promise<string> {
  const { source, destination, options, signal } = request;
  if (mode === 'Dicom') {
    if (options.destDicom === undefined) throw new Error('the mode Dicom was opened without a modality');
    checkKnown(options.destDicom, await source.modalities.names(signal), 'modality');
    return options.destDicom;
  }
  if (mode === 'Transfer') await checkAccelerator(source, signal);
  if (options.destPeer === undefined) return findPeer({ source, destination }, signal);
  checkKnown(options.destPeer, await source.peers.names(signal), 'peer');
  await compareServers(options.destPeer, request);
  return options.destPeer;
}

/** @throws configuration `TRANSFERS_MISSING` */
export async function checkAccelerator(source: Orthanc, signal: AbortSignal): Promise<void> {
  if (await source.transfers.isThere(signal)) return;
  throw configurationError(
    'TRANSFERS_MISSING',
    `The source ${source.url} has no transfers accelerator: install its plugin there and at the destination, or use ${nameOf('mode')} Peering.`,
  );
}

/** @throws configuration `DESTINATION_UNKNOWN` */
export function checkKnown(alias: string, known: readonly string[], kind: 'peer' | 'modality'): void {
  if (known.includes(alias)) return;
  const others = known.length === 0 ? 'it knows none' : `it knows ${known.join(', ')}`;
  const option = nameOf(kind === 'peer' ? 'destPeer' : 'destDicom');
  throw configurationError(
    'DESTINATION_UNKNOWN',
    `The source knows no ${kind} named ${alias} (${others}): correct ${option}, or the configuration of the source.`,
  );
}

/** Where alias and address lead apart, everything would be sent to one server and looked for at another. */
async function compareServers(
  peer: string,
  { source, destination, log, signal }: ModeRequest,
): Promise<void> {
  const [there, told] = await Promise.all([destination.system(signal), source.peers.system(peer, signal)]);
  if (told.databaseIdentifier === undefined || seemOne(told, there)) return;
  log.warn('destination.seems_not_peer', {
    peer,
    destination: destination.url,
    consequence:
      'what the peer takes is looked for at the destination: if these are two servers, nothing can be proved',
  });
}
