import { confirmListed } from '@orthanc-tools/copy-proof';
import { type Failure, sideBySide } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Exception } from './study-outcome.ts';
import type { Crossing } from './study-view.ts';

export interface PlacedSingly {
  readonly exceptions: readonly Exception[];
  /** No longer at the source, by its own word. */
  readonly vanished: readonly string[];
  readonly unfinished: Failure | undefined;
}

const atOnce = 4;

/** Sends instances one by one and reads the answer to each: the exact way, for what did not arrive together. */
export async function placeSingly(
  instances: readonly StoredInstance[],
  studyId: string,
  crossing: Crossing,
): Promise<PlacedSingly> {
  const { lanes, tell, signal } = crossing;
  const tempo = await lanes.tempo();
  const exceptions: Exception[] = [];
  const notFound: string[] = [];
  let unfinished: Failure | undefined;
  await sideBySide(instances, atOnce, async (instance) => {
    const failure = await lanes.carrier.carryOne(instance, { ...crossing, tempo });
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
