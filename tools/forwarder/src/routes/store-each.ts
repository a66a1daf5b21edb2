import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { type Orthanc, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Outgoing } from '../open-route.ts';

const atOnce = 4;

interface Ends {
  readonly inbox: Orthanc;
  readonly remote: Orthanc;
  readonly signal: AbortSignal;
}

/**
 * Streams each instance from the inbox to another Orthanc by its own address. Once one has failed no other is begun.
 * @throws the first failure, when those under way have ended
 */
export async function storeEach(instances: readonly Outgoing[], ends: Ends): Promise<undefined> {
  const queue = instances.values();
  let failed: { readonly error: unknown } | undefined;
  const lane = async () => {
    for (let next = queue.next(); next.done !== true && failed === undefined; next = queue.next())
      await storeOne(next.value, ends).catch((error: unknown) => (failed ??= { error }));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failed !== undefined) throw failed.error;
  return undefined;
}

async function storeOne({ id, size }: Outgoing, { inbox, remote, signal }: Ends): Promise<void> {
  const { body, length } = await inbox.instances.openFile(id, signal);
  if (length !== size)
    throw transientFailure('FILE_OF_ANOTHER_SIZE', 'An instance was replaced while it was forwarded.');
  const [receipt] = await remote.instances.store({ body, length }, signal);
  const refusal = receipt && refusalIn(receipt);
  if (refusal !== undefined) throw refusal;
  if (receipt?.id === undefined || receipt.id === id) return;
  const message = 'The destination changed the identifiers of an instance on arrival.';
  throw permanentFailure('STORED_UNDER_ANOTHER_ID', message);
}
