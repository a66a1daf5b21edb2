import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { type Orthanc, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Outgoing } from '../open-route.ts';
import { orGone } from '../or-gone.ts';
import { sendEach } from './send-each.ts';

interface Ends {
  readonly inbox: Orthanc;
  readonly remote: Orthanc;
  readonly signal: AbortSignal;
}

/** Streams each instance from the inbox to another Orthanc by its own address. */
export async function storeEach(
  instances: readonly Outgoing[],
  ends: Ends,
  onRefused: () => void,
): Promise<undefined> {
  await sendEach(instances, (instance) => storeOne(instance, ends), onRefused);
  return undefined;
}

async function storeOne({ id, size }: Outgoing, { inbox, remote, signal }: Ends): Promise<void> {
  const { body, length } = await inbox.instances.openFile(id, signal).catch(orGone);
  if (length !== size)
    throw transientFailure('FILE_OF_ANOTHER_SIZE', 'An instance was replaced while it was forwarded.');
  checkReceipts(await remote.instances.store({ body, length }, signal), id);
}

/** @throws when another Orthanc has not stored the instance, or not under this identifier */
export function checkReceipts(
  [receipt]: Awaited<ReturnType<Orthanc['instances']['store']>>,
  id: string,
): void {
  const refusal = receipt && refusalIn(receipt);
  if (refusal !== undefined) throw refusal;
  if (receipt?.id === undefined || receipt.id === id) return;
  const message = 'The destination changed the identifiers of an instance on arrival.';
  throw permanentFailure('STORED_UNDER_ANOTHER_ID', message);
}
