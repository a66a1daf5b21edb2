import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { sendByTransfer } from './send-by-transfer.ts';
import { unlessVanished } from './unless-vanished.ts';

/** What the target is in the configuration of the source; `transfers`: a peer, by the transfers accelerator. */
export type SendingBy = 'modality' | 'dicom-web' | 'peer' | 'transfers';

/** How the source sends to one target. Nothing here repeats a request. */
export interface Sending {
  /** @throws what keeps the target from being reached, of scope `run` when it is away */
  probe(signal: AbortSignal): Promise<unknown>;
  /**
   * Begins a job of the source and gives its identifier; undefined where all is done when this returns.
   * @throws transient `RESOURCE_VANISHED` where the source no longer holds one of these
   */
  begin(instanceIds: readonly string[], signal: AbortSignal): Promise<string | undefined>;
}

export interface SendingRequest {
  readonly source: Orthanc;
  readonly by: SendingBy;
  /** Alias in the source. */
  readonly target: string;
  /** The target's own REST API: needed where a peer fetches by a job of its own. */
  readonly remote?: Orthanc | undefined;
  /** Of transfers; `gzip` by default, as the accelerator's own pages do. */
  readonly compression?: 'gzip' | 'none' | undefined;
  /** Of the job; 0 by default, more goes first. */
  readonly priority?: number | undefined;
  readonly clock: Clock;
  /** How long a job of the peer may make no progress before it is cancelled, in ms; for ever if left out. */
  readonly stallLimit?: number | undefined;
}

/** A way from the source to a target; nothing is asked yet. */
export function sendingTo(request: SendingRequest): Sending {
  const { source, by, target, priority } = request;
  switch (by) {
    case 'modality':
      return {
        probe: (signal) => source.modalities.echo(target, { signal }),
        begin: (ids, signal) =>
          unlessVanished(
            () => source.modalities.store(target, ids, { priority, signal }),
            async () => (await source.modalities.names(signal)).includes(target),
          ),
      };
    case 'dicom-web':
      return {
        probe: (signal) => source.dicomWebServers.probe(target, signal),
        begin: (ids, signal) => source.dicomWebServers.stow(target, ids, { signal }),
      };
    case 'peer':
      return {
        probe: (signal) => source.peers.system(target, signal),
        begin: (ids, signal) =>
          unlessVanished(
            () => source.peers.store(target, ids, { priority, signal }),
            async () => (await source.peers.names(signal)).includes(target),
          ),
      };
    case 'transfers':
      return {
        probe: (signal) => source.peers.system(target, signal),
        begin: (ids, signal) =>
          unlessVanished(
            () => sendByTransfer(ids, { ...request, signal }),
            async () =>
              (await source.transfers.isThere(signal)) && (await source.peers.names(signal)).includes(target),
          ),
      };
  }
}
