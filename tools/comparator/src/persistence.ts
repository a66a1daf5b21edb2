import { type Failure, asFailure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { type FoundTags, type Orthanc, noOutages, whoseFault } from '@orthanc-tools/orthanc-client';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import type { Facts } from '@orthanc-tools/telemetry';
import type { Find } from './modality-question.ts';

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

export interface Patience {
  readonly orthanc: Orthanc;
  /** How often it is asked again what fails although Orthanc is there. */
  readonly maxRetries: number;
  readonly context: RunContext;
}

export interface ModalityPatience extends Patience {
  readonly alias: string;
}

export type Persist = <Answer>(ask: () => Promise<Answer>) => Promise<Answer>;

/**
 * An Orthanc that is away is waited for. What fails while it answers other questions is asked again, with growing pauses,
 * and is then the trouble of this question only.
 */
export function persistence(patience: Patience): Persist {
  const tryOnce = attempts(patience.orthanc);
  // Others are answered meanwhile: each question is told of alone.
  return (ask) => insist(() => tryOnce(ask), insistingFor(patience), patience.maxRetries + 1);
}

/** So long is paused altogether for a modality that is away before what is left is asked without pauses. */
const longestAbsenceMs = 3_600_000;

/**
 * C-FIND by Orthanc. A modality that refuses or falls silent is asked again, with growing pauses; one that has failed to
 * the last is asked once only, each time after a pause, until it answers again. Orthanc itself is waited for.
 * @throws a failure of this question only, once all is tried
 */
export function patientFind(patience: ModalityPatience): Find {
  const { maxRetries, context } = patience;
  const find = findOnce(patience);
  const insisting = insistingFor(patience);
  let absence: { pauseMs: number; pausedMs: number } | undefined;
  return async (level, keys) => {
    if (absence !== undefined && absence.pausedMs < longestAbsenceMs) {
      await pause(absence.pauseMs, context);
      absence.pausedMs += absence.pauseMs;
      absence.pauseMs = longer(absence.pauseMs);
    }
    const tries = absence === undefined ? maxRetries + 1 : 1;
    try {
      const found = await insist(() => find(level, keys), insisting, tries);
      absence = undefined;
      return found;
    } catch (error) {
      // A question that is refused for good says nothing of others.
      if (asFailure(error)?.kind === 'transient') absence ??= { pauseMs: pauseAfter(tries), pausedMs: 0 };
      throw error;
    }
  };
}

/** The same, once. @throws the failure of the modality, as one of this question */
export function impatientFind(patience: ModalityPatience): Find {
  const find = findOnce(patience);
  return (level, keys) => insist(() => find(level, keys), insistingFor(patience), 1);
}

const longer = (pauseMs: number): number => Math.min(pauseMs * 2, longestPauseMs);

/** How long the pause is that follows so many. */
const pauseAfter = (tries: number): number => Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs);

async function pause(ms: number, { clock, signal }: RunContext): Promise<void> {
  await clock.sleep(ms, signal);
  signal.throwIfAborted();
}

type Tried<Answer> =
  | { readonly answer: Answer }
  /** What must not be waited for as an Orthanc is that is away. */
  | { readonly trouble: Failure };

interface Outage {
  failed(facts: { readonly code: string } & Facts): void;
  answered(): void;
}

/** Says once that questions fail, again only where they fail for another reason, and once that one is answered. */
function outageLog({ log }: RunContext): Outage {
  let told: string | undefined;
  return {
    failed(facts) {
      if (told !== facts.code) log.warn('query.failed', facts);
      told = facts.code;
    },
    answered() {
      if (told !== undefined) log.info('query.answered');
      told = undefined;
    },
  };
}

interface Insisting extends Pick<Patience, 'context'> {
  readonly outage: Outage;
}

const insistingFor = ({ context }: Patience): Insisting => ({ context, outage: outageLog(context) });

async function insist<Answer>(
  tryOnce: () => Promise<Tried<Answer>>,
  { context, outage }: Insisting,
  tries: number,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const tried = await waitForOrthanc(tryOnce, context);
    if ('answer' in tried) {
      outage.answered();
      return tried.answer;
    }
    const { code, message, kind, retryAfterMs = pauseAfter(attempt) } = tried.trouble;
    if (attempt >= tries || kind === 'permanent') throw ofThisQuestion(tried.trouble);
    outage.failed({ code, message, attempt, waitMs: retryAfterMs });
    await pause(retryAfterMs, context);
  }
}

/** The fault of a modality, or of one question, is no reason to end a run: others go on. */
const ofThisQuestion = ({ code, message, kind, facts }: Failure): Failure =>
  (kind === 'permanent' ? permanentFailure : transientFailure)(code, message, { scope: 'item', facts });

function findOnce({ orthanc, alias, context }: ModalityPatience) {
  const tryOnce = attempts(orthanc);
  return (...[level, keys]: Parameters<Find>): Promise<Tried<readonly FoundTags[]>> =>
    tryOnce(() => orthanc.modalities.find(alias, { level, keys }, context.signal));
}

/** Asks once. @throws what is to be waited for, and what would not pass by itself */
function attempts(orthanc: Orthanc) {
  const suspects = { servers: [orthanc], outages: noOutages() };
  return async <Answer>(ask: () => Promise<Answer>): Promise<Tried<Answer>> => {
    const since = performance.now();
    try {
      return { answer: await ask() };
    } catch (error) {
      const failure = asFailure(error);
      if (failure === undefined || failure.kind === 'configuration') throw error;
      if (failure.facts['destination'] !== undefined) return { trouble: failure };
      const judged = await whoseFault(failure, suspects, since);
      if (judged.scope === 'run' || judged.kind === 'permanent') throw judged;
      return { trouble: judged };
    }
  };
}
