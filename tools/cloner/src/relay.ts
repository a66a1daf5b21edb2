import {
  type Failure,
  ambiguousFailure,
  asFailure,
  permanentFailure,
  sideBySide,
} from '@orthanc-tools/failures';
import { type StoreReceipt, type StoredInstance, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Carrier, Errand } from './carrier.ts';
import type { Lanes } from './lanes.ts';
import { headless } from './look-at-studies.ts';
import { streamFile } from './move-file.ts';
import { planShipments } from './plan-shipments.ts';
import { type ShipContext, ship } from './ship.ts';
import { type StudyLine, openStoringLine } from './storing-line.ts';
import type { StudyView } from './study-view.ts';
import type { Tempo } from './tempo.ts';

/** From this visit on, each instance is sent alone, for a receipt of its own. */
export const singlyFromAttempt = 3;
/** How many studies of a hand are read side by side. */
const readsAtOnce = 2;

/** Reads from the source and stores at the destination, through this process. */
export const relay: Carrier = {
  // What a process had in flight dies with it.
  catchUp: () => Promise.resolve(),
  carry: (errands, { lanes, tempo }) => sendAll(errands, lanes, tempo),
  carryOne: (instance, { lanes, tempo, signal }) =>
    tempo.stores.spend(1, () => storeOne(instance, lanes, signal)),
};

/** Sends what is missing of each study; the first that ends the run is thrown when nothing is in flight any more. */
async function sendAll(errands: readonly Errand[], lanes: Lanes, tempo: Tempo): Promise<Map<Claim, Failure>> {
  const line = openStoringLine(lanes, tempo);
  const lines = new Map<Claim, StudyLine>();
  const together = errands.filter(({ claim }) => claim.attempt < singlyFromAttempt);
  await sideBySide(together, readsAtOnce, async ({ claim, view, crossing }) => {
    const own = line.forStudy(crossing);
    lines.set(claim, own);
    await sendMissing(view, { ...crossing, tempo, line: own });
  });
  const failures = new Map<Claim, Failure>();
  for (const [claim, own] of lines) {
    const failure = await own.finished();
    if (failure !== undefined) failures.set(claim, failure);
  }
  return failures;
}

/** Reads the missing instances of a study, in as few requests as possible, and hands them to the line. */
async function sendMissing(view: StudyView, context: ShipContext): Promise<void> {
  const { studyId, head, here, missing } = view;
  const study = head ?? headless(studyId);
  for (const shipment of planShipments(missing, here, context.lanes.routes)) {
    if (context.signal.aborted || context.line.isOver) return;
    await ship(shipment, study, context);
  }
}

/** The failure that kept the instance from being stored; throws those that concern the whole run. */
async function storeOne(
  instance: StoredInstance,
  lanes: Lanes,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  try {
    return refusedBy(await streamFile(instance, lanes, signal), instance);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    return failure;
  }
}

/** Why the instance was not stored, or not as itself, by the receipt of it alone. */
export function refusedBy(
  [receipt]: readonly StoreReceipt[],
  { id }: Pick<StoredInstance, 'id'>,
): Failure | undefined {
  if (receipt === undefined)
    return ambiguousFailure('ORTHANC_NO_RECEIPT', 'The destination gave no receipt for the instance.');
  return refusalIn(receipt) ?? renamedIn(receipt, id);
}

/** A destination that changes identifiers on arrival holds something, but not this instance. */
function renamedIn(receipt: StoreReceipt, id: string): Failure | undefined {
  if (receipt.id === undefined || receipt.id === id) return undefined;
  const message = `The destination changed the identifiers and stored the instance as ${receipt.id}.`;
  return permanentFailure('STORED_UNDER_ANOTHER_ID', message);
}
