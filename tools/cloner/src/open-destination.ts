import { askCommitment, askFirst, askModality } from '@orthanc-tools/copy-proof';
import { type Orthanc, connectOrthanc, connectionFrom, sparingOthers } from '@orthanc-tools/orthanc-client';
import type { Throttle } from '@orthanc-tools/scheduling';
import { seemOne } from '@orthanc-tools/server-examination';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { openBelongings } from './belongings/open-belongings.ts';
import { rememberKinds } from './belongings/remember-kinds.ts';
import { bringThrough } from './bring-studies.ts';
import { bringUnseen } from './bring-unseen.ts';
import { begun } from './begun.ts';
import type { Bringing } from './bringing.ts';
import { throttled } from './bandwidth/throttled.ts';
import { provingPass } from './feed-studies.ts';
import type { ClonerOptions } from './options.ts';
import {
  type JobMode,
  checkAccelerator,
  checkKnown,
  decideMode,
  jobWay,
  openCarrier,
} from './open-carrier.ts';
import { openLanes } from './open-lanes.ts';
import { peerItself } from './peer-itself.ts';
import { rememberAddresses, rememberServers } from './remember-servers.ts';

/** Where studies are brought, before the ledger says what is known of it. */
export interface OpenDestination extends AsyncDisposable {
  /** There is nothing to follow. */
  readonly isSource: boolean;
  /** Perhaps under another address. */
  readonly seemsSource: boolean;
  openBringing(ledger: WorkLedger): Promise<Bringing>;
}

interface DestinationRequest extends RunContext {
  readonly options: ClonerOptions;
  readonly source: Orthanc;
  /** What all files that are read must wait for. */
  readonly throttle: Throttle | undefined;
}

/** By its address where that is given or can be found out; otherwise only by what the source calls it. */
export async function openDestination(request: DestinationRequest): Promise<OpenDestination> {
  const destination = await findDestination(request);
  if (destination === undefined) return openUnseen(request);
  return openSeen(sparingOthers(destination, request.clock), request);
}

/**
 * The destination, where it can be asked itself.
 * @throws configuration failures where the source does not have what the mode needs
 */
export async function findDestination(
  request: Pick<DestinationRequest, 'options' | 'source' | 'throttle' | 'log' | 'signal'>,
): Promise<Orthanc | undefined> {
  const { options, source, throttle, log, signal } = request;
  const { destUrl, destPeer, mode } = options;
  if (destUrl !== undefined) return throttled(connectOrthanc(connectionFrom(options, 'dest')), throttle);
  await checkTarget(request);
  const peer = mode === 'Dicom' || destPeer === undefined ? undefined : destPeer;
  const itself = peer === undefined ? undefined : await peerItself(source, peer, signal);
  if (itself !== undefined) log.info('destination.found', { peer: destPeer, destination: itself.url });
  return itself;
}

async function openSeen(destination: Orthanc, request: DestinationRequest): Promise<OpenDestination> {
  const { options, source, log } = request;
  const decide = begun(() => decideMode({ ...request, destination }));
  const lanes = await openLanes(source, destination, { isThrottled: request.throttle !== undefined });
  const isSource = source.url === destination.url;
  const seemsSource = isSource || seemOne(lanes.systems.here, lanes.systems.there);
  if (seemsSource && !isSource)
    log.warn('destination.seems_source', {
      source: source.url,
      destination: destination.url,
      consequence: 'if both addresses lead to one Orthanc, everything is proved and nothing is copied',
    });
  if (isSource)
    log.warn('destination.is_source', {
      url: source.url,
      consequence: 'everything is proved, nothing is copied',
    });
  return {
    isSource,
    seemsSource,
    async openBringing(ledger) {
      const carrier = await openCarrier(decide, { ...request, destination, memory: ledger });
      const belongings = openBelongings(options, { ...lanes.systems, ledger, log });
      await rememberServers(ledger, lanes, log);
      rememberKinds(ledger, belongings, log);
      return bringThrough({ ...lanes, carrier, belongings });
    },
    [Symbol.asyncDispose]: () => destination[Symbol.asyncDispose](),
  };
}

function openUnseen(request: DestinationRequest): OpenDestination {
  const { options, source, clock, log, signal } = request;
  const { mode, target } = targetOf(options);
  return {
    isSource: false,
    seemsSource: false,
    async openBringing(ledger) {
      const way = jobWay({ ...request, destination: undefined, mode, target, memory: ledger });
      const asked = askFirst([askModality(source, target), askCommitment(source, target, { clock })]);
      const canBeAsked = mode === 'Dicom' && (await asked.probe(signal)) !== 'none';
      log.info('mode.chosen', { mode, target, because: 'it is ordered' });
      if (!canBeAsked)
        log.warn('destination.cannot_be_asked', {
          target,
          consequence: 'what it accepts is recorded as accepted: nothing is proved',
        });
      rememberAddresses(ledger, serversUnseen(source, options), log);
      const witness = canBeAsked ? asked : undefined;
      return bringUnseen({ ...way, witness, pass: () => provingPass(ledger) });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The pair, as a ledger notes it. */
export function serversUnseen(source: Pick<Orthanc, 'url'>, options: ClonerOptions): string {
  const { mode, target } = targetOf(options);
  return `${source.url} ${mode} ${target}`;
}

function targetOf({ mode, destPeer, destDicom }: ClonerOptions): { mode: JobMode; target: string } {
  const target = mode === 'Dicom' ? destDicom : destPeer;
  if (mode === 'Auto' || mode === 'Default' || target === undefined)
    throw new Error('a destination without address and alias was let through');
  return { mode, target };
}

/** @throws configuration failures where the source does not have what the mode needs */
async function checkTarget({
  options,
  source,
  signal,
}: Pick<DestinationRequest, 'options' | 'source' | 'signal'>): Promise<void> {
  const { mode, target } = targetOf(options);
  if (mode === 'Dicom') checkKnown(target, await source.modalities.names(signal), 'modality');
  else checkKnown(target, await source.peers.names(signal), 'peer');
  if (mode === 'Transfer') await checkAccelerator(source, signal);
}
