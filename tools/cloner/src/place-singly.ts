import { confirmListed } from '@orthanc-tools/copy-proof';
import { type Failure, ambiguousFailure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type StoreReceipt, type StoredInstance, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Lanes } from './lanes.ts';
import { streamFile } from './move-file.ts';
import { sideBySide } from '@orthanc-tools/work-loop';
import type { Exception } from './study-outcome.ts';
import type { Crossing } from './study-view.ts';

export interface PlacedSingly {
  readonly exceptions: readonly Exception[];
  /** No longer at the source, by its own word. */
  readonly vanished: readonly string[];
  readonly unfinished: Failure | undefined;
}

const atOnce = 4;

/** Sends instances one by one and reads the receipt of each: the exact way, for what did not arrive together. */
export async function placeSingly(
  instances: readonly StoredInstance[],
  studyId: string,
  { lanes, tell, signal }: Crossing,
): Promise<PlacedSingly> {
  const { stores } = await lanes.tempo();
  const exceptions: Exception[] = [];
  const notFound: string[] = [];
  let unfinished: Failure | undefined;
  await sideBySide(instances, atOnce, async (instance) => {
    const failure = await stores.spend(1, () => placeOne(instance, lanes, signal));
    if (failure === undefined) tell({ parts: 1, bytes: instance.size });
    else if (failure.code === 'ORTHANC_NOT_FOUND') notFound.push(instance.id);
    else if (failure.kind === 'permanent')
      exceptions.push({ part: instance.id, code: failure.code, message: failure.message });
    else {
      if (failure.code === 'ORTHANC_BUSY') tell({ parts: 0, bytes: 0, overloaded: true });
      unfinished ??= failure;
    }
  });
  if (notFound.length === 0) return { exceptions, vanished: [], unfinished };
  const stillThere = await confirmListed(lanes.source, { studyId, instanceIds: notFound, signal });
  for (const id of stillThere)
    exceptions.push({
      part: id,
      code: 'FILE_MISSING_AT_SOURCE',
      message: 'The source lists the instance but does not find its file.',
    });
  return { exceptions, vanished: notFound.filter((id) => !stillThere.has(id)), unfinished };
}

/** The failure that kept the instance from being stored; throws those that concern the whole run. */
async function placeOne(
  instance: StoredInstance,
  lanes: Lanes,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  try {
    const [receipt] = await streamFile(instance, lanes, signal);
    if (receipt === undefined)
      return ambiguousFailure('ORTHANC_NO_RECEIPT', 'The destination gave no receipt for the instance.');
    return refusalIn(receipt) ?? renamedIn(receipt, instance.id);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    return failure;
  }
}

/** A destination that changes identifiers on arrival holds something, but not this instance. */
function renamedIn(receipt: StoreReceipt, id: string): Failure | undefined {
  if (receipt.id === undefined || receipt.id === id) return undefined;
  const message = `The destination changed the identifiers and stored the instance as ${receipt.id}.`;
  return permanentFailure('STORED_UNDER_ANOTHER_ID', message);
}
