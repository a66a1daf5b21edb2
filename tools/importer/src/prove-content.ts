import { hashInstance } from '@orthanc-tools/copy-proof';
import { type Failure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import type { HeldFile } from './look-up.ts';
import type { Outcome } from './outcome.ts';
import type { Parcel, Placed, SendContext } from './send-content.ts';

/** What became of a parcel, by what Orthanc holds now: it must have the MD5 of what was read. */
export async function concludePlaced(
  held: HeldFile | undefined,
  placed: Placed,
  context: SendContext,
): Promise<Outcome> {
  const { id, md5, content, isNew, identity } = placed;
  const known = { id, studyId: identity?.studyId, md5, size: content.size };
  const status = isNew ? 'stored' : 'already-there';
  try {
    const proof = await proofOf(held, placed, context);
    // A study that was there before gets its labels too.
    if (!isNew && identity !== undefined) await context.gate.label(identity.studyId);
    return { ...known, status, proof };
  } catch (error) {
    return { ...known, status: 'refused', failure: ofItem(error) };
  }
}

async function proofOf(
  held: HeldFile | undefined,
  { id, md5, isNew, content }: Placed,
  { orthanc, signal }: SendContext,
): Promise<'id+md5' | 'id+content' | 'id'> {
  if (held === undefined)
    throw permanentFailure('NOT_THERE_AFTER_STORING', 'Orthanc stored the instance, and does not hold it.');
  if (held.md5 === md5) return 'id+md5';
  if (held.md5 !== undefined) throw otherContent(isNew);
  if (isNew && held.size === content.size) return 'id';
  if ((await hashInstance(orthanc, { id, size: held.size }, signal)) !== md5) throw otherContent(isNew);
  return 'id+content';
}

const otherContent = (isNew: boolean): Failure =>
  isNew
    ? permanentFailure('CONTENT_CHANGED', 'Orthanc changed the content when it stored it.')
    : permanentFailure('CONTENT_CONFLICT', 'Orthanc holds other content under the same identifiers.');

export const refusedParcel = ({ content, identity }: Parcel, failure: Failure): Outcome => ({
  status: 'refused',
  failure,
  id: identity?.id,
  studyId: identity?.studyId,
  size: content.size,
});

/** @throws what concerns the whole run, and what is no failure */
export function ofItem(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined || failure.scope === 'run') throw error;
  return failure;
}
