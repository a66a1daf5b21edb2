import { confirmListed } from '@orthanc-tools/copy-proof';
import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Exception } from './study-outcome.ts';
import type { Crossing } from './study-view.ts';

/** An instance whose file was answered "not found" when it was to be compared, although it had been listed. */
export interface Unfound {
  readonly id: string;
  readonly failure: Failure;
}

export interface JudgedUnfound {
  /** No longer at the source, by its own word. */
  readonly gone: readonly string[];
  readonly exceptions: readonly Exception[];
  readonly pending: readonly string[];
  readonly unfinished: Failure | undefined;
}

const nothing: JudgedUnfound = { gone: [], exceptions: [], pending: [], unfinished: undefined };

export const isUnfound = ({ code }: Failure): boolean => code === 'ORTHANC_NOT_FOUND';

/**
 * Asks each server whether it still lists what it did not find. What was deleted meanwhile is no fault: at the source it
 * is gone, and at the destination the next visit finds it missing. What is still listed has lost its file where Orthanc
 * itself says so; where something before it does, that says nothing of the file.
 *
 * @throws configuration `ORTHANC_ANSWERS_NOT_FOUND` of scope `run`
 */
export async function judgeUnfound(
  unfound: readonly Unfound[],
  studyId: string,
  { lanes: { source, destination }, signal }: Crossing,
): Promise<JudgedUnfound> {
  if (unfound.length === 0) return nothing;
  const isOfSource = ({ failure }: Unfound) => failure.facts['server'] === source.url;
  const [here, there] = [unfound.filter(isOfSource), unfound.filter((one) => !isOfSource(one))];
  const atSource = await sortListed(here, { orthanc: source, at: 'source', studyId, signal });
  const atDestination = await sortListed(there, { orthanc: destination, at: 'destination', studyId, signal });
  const pending = [...atSource.doubtful, ...atDestination.doubtful, ...atDestination.gone];
  const code = atDestination.gone.length > 0 ? 'GONE_FROM_DESTINATION' : 'ORTHANC_NOT_FOUND';
  return {
    gone: atSource.gone,
    exceptions: [...atSource.lost, ...atDestination.lost],
    pending,
    unfinished: pending.length === 0 ? undefined : transientFailure(code, messages[code]),
  };
}

const messages = {
  GONE_FROM_DESTINATION: 'The destination has lost instances while they were compared.',
  ORTHANC_NOT_FOUND: 'A server lists instances, and something before it answers "not found" for their files.',
} as const;

interface Server {
  readonly orthanc: Orthanc;
  readonly at: 'source' | 'destination';
  readonly studyId: string;
  readonly signal: AbortSignal;
}

async function sortListed(unfound: readonly Unfound[], { orthanc, at, ...study }: Server) {
  const instanceIds = unfound.map(({ id }) => id);
  const listed =
    unfound.length === 0 ? new Set<string>() : await confirmListed(orthanc, { ...study, instanceIds });
  const still = unfound.filter(({ id }) => listed.has(id));
  const isOwnWord = ({ failure }: Unfound) => failure.facts['isOrthancAnswer'] === true;
  return {
    gone: instanceIds.filter((id) => !listed.has(id)),
    lost: still.filter(isOwnWord).map(({ id }) => withoutFile(id, at)),
    doubtful: still.filter((one) => !isOwnWord(one)).map(({ id }) => id),
  };
}

export const withoutFile = (part: string, at: 'source' | 'destination'): Exception => ({
  part,
  code: at === 'source' ? 'FILE_MISSING_AT_SOURCE' : 'FILE_MISSING_AT_DESTINATION',
  message: `The ${at} lists the instance and holds no file of it.`,
});
