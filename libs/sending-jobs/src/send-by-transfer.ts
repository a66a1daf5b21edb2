import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { SendingRequest } from './sending-to.ts';

/**
 * By the transfers accelerator: a job of the source, whose identifier is given; or one of the peer, which fetches the
 * instances and is waited for there.
 */
export async function sendByTransfer(
  ids: readonly string[],
  {
    source,
    target,
    remote,
    compression,
    priority,
    clock,
    stallLimit,
    signal,
  }: Omit<SendingRequest, 'by'> & { readonly signal: AbortSignal },
): Promise<string | undefined> {
  const transfer = await source.transfers.send(target, ids, { compression, priority, signal });
  if (transfer.by === 'source') return transfer.jobId;
  if (remote === undefined)
    throw configurationError(
      'TRANSFER_OUT_OF_SIGHT',
      `The peer ${target} fetches transfers by a job of its own: give its address as ${nameOf('destUrl')}, to hear how it ends.`,
    );
  await remote.jobs.finish(transfer.jobId, { clock, stallLimit, signal });
  return undefined;
}
