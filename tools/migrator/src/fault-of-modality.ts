import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { type Orthanc, uidOfNothing } from '@orthanc-tools/orthanc-client';
import type { Lane } from './lane.ts';
import type { StudyContext } from './study-context.ts';

/** One that is asked, that sends, or that takes. */
export interface AskedModality {
  readonly alias: string;
  readonly lane: Lane;
}

/** What a modality leaves behind that hangs; and one that cannot bring or take a certain study, too. */
const bySilence = new Set(['DESTINATION_NO_ANSWER', 'DESTINATION_CONNECTION_LOST', 'TRANSFER_STALLED']);

const question = { level: 'Study', keys: { StudyInstanceUID: uidOfNothing } } as const;

/** Work over which a modality has hung as a whole in this run, by its key, and which modality that was. */
export type HungOver = Map<string, AskedModality>;

interface Asking {
  readonly orthanc: Orthanc;
  readonly signal: AbortSignal;
}

/**
 * Whether a modality that fell silent says anything about the study that it was about. It is asked for one that nobody has:
 * who does not answer that either hangs as a whole, and the run waits for it, instead of one study after the other losing
 * its tries.
 * @returns the failure as it was, or one of scope `run`
 */
export async function faultOfModality(
  failure: Failure,
  modality: AskedModality,
  asking: Asking,
): Promise<Failure> {
  if (!bySilence.has(failure.code)) return failure;
  const found = await silenceOf(modality, asking);
  return found === undefined ? failure : ofRun(found, failure);
}

/** Undefined where it answers a question about nothing, or refuses it. */
async function silenceOf(
  { alias, lane }: AskedModality,
  { orthanc, signal }: Asking,
): Promise<Failure | undefined> {
  try {
    await lane(() => orthanc.modalities.find(alias, question, signal));
    return undefined;
  } catch (error) {
    const found = asFailure(error);
    if (found === undefined) throw error;
    return found.scope === 'run' || bySilence.has(found.code) ? found : undefined;
  }
}

const ofRun = ({ code, message, facts, retryAfterMs }: Failure, cause: Failure): Failure =>
  transientFailure(code, message, { scope: 'run', facts, retryAfterMs, cause });

/** What failed: a question or a transfer, for a study or a search. */
interface FailedWork {
  /** Of the claim. */
  readonly key: string;
  readonly modality: AskedModality;
  readonly signal: AbortSignal;
}

type Judging = Pick<StudyContext, 'orthanc' | 'hungOver'>;

/**
 * The same of work in hand. The first time that a modality hangs over it nobody knows which of the two is at fault. The
 * second time, as the modality has answered in between, it is the work, which otherwise would hang the modality for ever.
 */
export async function faultOver(
  failure: Failure,
  { key, modality, signal }: FailedWork,
  { orthanc, hungOver }: Judging,
): Promise<Failure> {
  const judged = await faultOfModality(failure, modality, { orthanc, signal });
  if (judged.scope !== 'run') return judged;
  if (hungOver.has(key)) return failure;
  hungOver.set(key, modality);
  return judged;
}

/** Before work is tried again over which a modality has hung. @throws of scope `run`, where it still does: that costs no try */
export async function answersAgain(
  key: string,
  signal: AbortSignal,
  { orthanc, hungOver }: Judging,
): Promise<void> {
  const modality = hungOver.get(key);
  if (modality === undefined) return;
  const found = await silenceOf(modality, { orthanc, signal });
  if (found !== undefined) throw ofRun(found, found);
}

/**
 * The same of a transfer: what is left of its study may still come in other parts, while the modality answers.
 * @throws what is of scope `run`
 */
export async function faultOfTransfer(
  failure: Failure,
  failed: FailedWork,
  judging: Judging,
): Promise<Failure> {
  const judged = await faultOver(failure, failed, judging);
  if (judged.scope === 'run') throw judged;
  return judged;
}

interface FailedQuestion {
  /** Of the claim. */
  readonly key: string;
  readonly signal: AbortSignal;
}

/** The same of the modality that a failed question names, where it lies on the way of the studies. */
export function faultOnTheWay(
  failure: Failure,
  { key, signal }: FailedQuestion,
  context: Pick<StudyContext, 'orthanc' | 'hungOver' | 'source' | 'receiver'>,
): Promise<Failure> {
  const { source, receiver } = context;
  const asked = [source, source?.arrival.modality, receiver?.modality];
  const modality = asked.find((one) => one?.alias === failure.facts['destination']);
  return modality === undefined
    ? Promise.resolve(failure)
    : faultOver(failure, { key, modality, signal }, context);
}
