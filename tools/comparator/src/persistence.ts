import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import type { FoundTags, Orthanc } from '@orthanc-tools/orthanc-client';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import type { Find } from './modality-side.ts';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** Asks until Orthanc answers. @throws the reason of the signal when the run is to stop */
export async function waitForOrthanc<Answer>(
  ask: () => Promise<Answer>,
  context: RunContext,
): Promise<Answer> {
  const answer = await patiently(async () => ({ answer: await ask() }), context);
  context.signal.throwIfAborted();
  if (answer === undefined) throw new TypeError('nothing was answered');
  return answer.answer;
}

export interface ModalityPatience {
  readonly orthanc: Orthanc;
  readonly alias: string;
  readonly maxRetries: number;
  readonly context: RunContext;
}

/**
 * C-FIND by Orthanc. A modality that refuses or falls silent is asked again, with growing pauses; one that has failed to
 * the last is asked once only, until it answers again. Orthanc itself is waited for.
 * @throws a failure of this question only, once all is tried
 */
export function patientFind(patience: ModalityPatience): Find {
  const { maxRetries, context } = patience;
  const { clock, log, signal } = context;
  let isAway = false;
  return async (level, keys) => {
    const tries = isAway ? 1 : maxRetries + 1;
    for (let attempt = 1, pauseMs = firstPauseMs; ; attempt += 1) {
      const answer = await waitForOrthanc(() => findOnce(patience, level, keys), context);
      if ('found' in answer) {
        isAway = false;
        return answer.found;
      }
      const { trouble } = answer;
      isAway = trouble.kind !== 'permanent' && attempt >= tries;
      if (isAway || trouble.kind === 'permanent') throw ofThisQuestion(trouble);
      log.warn('query.failed', { code: trouble.code, message: trouble.message, attempt, waitMs: pauseMs });
      await clock.sleep(pauseMs, signal);
      signal.throwIfAborted();
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  };
}

/** The fault of a modality is no reason to end a run: other days go on. */
const ofThisQuestion = ({ code, message, facts }: Failure): Failure =>
  transientFailure(code, message, { scope: 'item', facts });

type Answer =
  | { readonly found: readonly FoundTags[] }
  /** What concerns the modality must not be waited for as Orthanc is. */
  | { readonly trouble: Failure };

async function findOnce(
  { orthanc, alias, context }: ModalityPatience,
  ...[level, keys]: Parameters<Find>
): Promise<Answer> {
  try {
    return { found: await orthanc.modalities.find(alias, { level, keys }, context.signal) };
  } catch (error) {
    const failure = asFailure(error);
    const isOfModality = failure?.facts['destination'] !== undefined && failure.kind !== 'configuration';
    if (failure === undefined || !isOfModality) throw error;
    return { trouble: failure };
  }
}

/** The same, once. @throws the failure of the modality, as one of this question */
export const impatientFind =
  (patience: ModalityPatience): Find =>
  async (level, keys) => {
    const answer = await waitForOrthanc(() => findOnce(patience, level, keys), patience.context);
    if ('found' in answer) return answer.found;
    throw ofThisQuestion(answer.trouble);
  };
