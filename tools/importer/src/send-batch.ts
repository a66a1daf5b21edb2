import { hash } from 'node:crypto';
import type { Failure } from '@orthanc-tools/failures';
import type { StoreReceipt } from '@orthanc-tools/orthanc-client';
import { hasFailed, whileHeld } from './hold-together.ts';
import { ofItem } from './prove-content.ts';
import { type Parcel, type Placed, type SendContext, placedBy, sendParcel } from './send-content.ts';

/** What became of each parcel; one failure is that of one attempt. */
export type Sent = ReadonlyMap<Parcel, Placed | Failure>;

const mostInBatch = 50;
const largestBatch = 4 * 1024 * 1024;

/** Sends all of them: many small ones by one request where Orthanc is far away; the others by one each, side by side. */
export async function sendParcels(
  parcels: readonly Parcel[],
  { isFar, ...context }: SendContext & { readonly isFar: boolean },
): Promise<Sent> {
  if (!isFar) return sendAlone(parcels, context);
  const sent = new Map<Parcel, Placed | Failure>();
  const take = (one: Sent) => one.forEach((became, parcel) => sent.set(parcel, became));
  const { true: batchable = [], false: others = [] } = Object.groupBy(parcels, (parcel) =>
    fitsInBatch(parcel) ? 'true' : 'false',
  );
  const left = new Set(batchable);
  // The gate opens for a study with its first image: only then can others go together.
  for (const parcel of batchable) {
    if (!left.has(parcel)) continue;
    const batch = batchFrom(left, context);
    const group = batch.length > 1 && batch.includes(parcel) ? batch : [parcel];
    take(group.length > 1 ? await sendBatch(group, context) : await sendAlone(group, context));
    for (const one of group) left.delete(one);
  }
  take(await sendAlone(others, context));
  return sent;
}

const fitsInBatch = ({ content, identity }: Parcel): boolean => identity !== undefined && content.isWhole;

function batchFrom(parcels: Iterable<Parcel>, { gate }: SendContext): Parcel[] {
  const batch: Parcel[] = [];
  let bytes = 0;
  for (const parcel of parcels) {
    const { content, identity } = parcel;
    if (identity === undefined || !gate.isOpen(identity.studyId)) continue;
    if (batch.length >= mostInBatch || bytes + content.size > largestBatch) break;
    batch.push(parcel);
    bytes += content.size;
  }
  return batch;
}

async function sendAlone(parcels: readonly Parcel[], context: SendContext): Promise<Sent> {
  const sent = new Map<Parcel, Placed | Failure>();
  await whileHeld(parcels, context.distance.known.room, async (parcel, read) => {
    sent.set(
      parcel,
      hasFailed(read) ? ofItem(read.error) : await sendParcel(parcel, read, context).catch(ofItem),
    );
  });
  return sent;
}

/**
 * One request for all. What Orthanc leaves out of its answer it does not take for DICOM, and a batch that it refuses as
 * a whole says nothing of its members: both are sent again one by one, so that each has a word of its own. A batch that
 * may succeed later is left, at the price of one attempt of each member.
 */
async function sendBatch(parcels: readonly Parcel[], context: SendContext): Promise<Sent> {
  let receipts: Map<string, StoreReceipt>;
  try {
    receipts = await storeTogether(parcels, context);
  } catch (error) {
    const failure = ofItem(error);
    if (failure.kind === 'permanent') return sendAlone(parcels, context);
    return new Map(parcels.map((parcel) => [parcel, failure]));
  }
  const sent = new Map<Parcel, Placed | Failure>();
  for (const parcel of parcels) {
    const receipt = receipts.get(parcel.identity?.id ?? '');
    if (receipt !== undefined) sent.set(parcel, placedOrRefused(parcel, receipt));
  }
  const unanswered = parcels.filter((parcel) => !sent.has(parcel));
  return new Map([...sent, ...(await sendAlone(unanswered, context))]);
}

async function storeTogether(
  parcels: readonly Parcel[],
  { orthanc, signal }: SendContext,
): Promise<Map<string, StoreReceipt>> {
  const files = parcels.map(({ content: { head } }) => ({ chunks: [head], length: head.length }));
  const receipts = await orthanc.instances.storeZip(files, signal);
  return new Map(receipts.flatMap((receipt) => (receipt.id === undefined ? [] : [[receipt.id, receipt]])));
}

function placedOrRefused(parcel: Parcel, receipt: StoreReceipt): Placed | Failure {
  try {
    return placedBy(receipt, parcel, hash('md5', parcel.content.head));
  } catch (error) {
    return ofItem(error);
  }
}

export const isPlaced = (became: Placed | Failure): became is Placed => 'md5' in became;
