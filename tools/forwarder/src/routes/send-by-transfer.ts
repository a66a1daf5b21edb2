import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Clock } from '@orthanc-tools/scheduling';

interface TransferEnds {
  readonly inbox: Orthanc;
  /** Alias of the peer. */
  readonly target: string;
  readonly remote: Orthanc | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * By the transfers accelerator: a job of the inbox, whose identifier is given; or one of the peer, which fetches the
 * instances and is waited for there.
 */
export async function sendByTransfer(
  ids: readonly string[],
  { inbox, target, remote, clock, signal }: TransferEnds,
): Promise<string | undefined> {
  const transfer = await inbox.transfers.send(target, ids, { signal });
  if (transfer.by === 'source') return transfer.jobId;
  if (remote === undefined)
    throw configurationError(
      'TRANSFER_OUT_OF_SIGHT',
      `The peer ${target} fetches transfers by a job of its own: give its address as ${nameOf('destUrl')}, so that the forwarder hears how it ends.`,
    );
  await remote.jobs.finish(transfer.jobId, { clock, signal });
  return undefined;
}
