import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import { leftWay } from './left-way.ts';
import type { OpenRoute } from './open-route.ts';

/** Through which way a destination is reached at present. */
export interface WayChoice<Way extends { readonly route: OpenRoute }> extends Disposable {
  /**
   * Does the work by the first way; while that is down, by the alternate. A fault that would be laid at the item's door
   * is laid at the destination's where that does not answer at all.
   * @throws what the work threw; a failure of scope `run` when the destination is away
   */
  through<Answer>(work: (way: Way) => Promise<Answer>, signal: AbortSignal): Promise<Answer>;
}

export interface ChoiceRequest<Way> {
  readonly first: Way;
  readonly alternate: Way | undefined;
  /** There is no other destination that a fault of this one would hold up: what it does not forgive ends the run. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  /** Throws when the inbox itself does not answer: then nothing is known of the destination. */
  askInbox(signal: AbortSignal): Promise<unknown>;
  onAlternate(failure: Failure): void;
  onFirstWay(): void;
  /** The destination did not answer, which may pass. */
  onFault(): void;
  /** It has not answered several times in a row, and there is no other way, or none that answers. */
  onAway(failure: Failure): void;
  onAnswer(): void;
  readonly random?: () => number;
}

/** So many times in a row a way must be found down: the loop asks again after short pauses. */
const failuresToLeave = 3;

export function chooseWay<Way extends { readonly route: OpenRoute }>(
  request: ChoiceRequest<Way>,
): WayChoice<Way> {
  const { first, alternate, isAlone, clock, askInbox, random = Math.random } = request;
  const { onAlternate, onFirstWay, onFault, onAway, onAnswer } = request;
  let failures = 0;
  const left = leftWay({
    clock,
    random,
    probe: (signal) => first.route.probe(signal),
    onBack: () => {
      // Whoever has just come back is left again at the first fault.
      failures = failuresToLeave - 1;
      onFirstWay();
    },
  });

  async function attempt<Answer>(
    way: Way,
    work: (way: Way) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<{ readonly answer: Answer } | { readonly away: Failure }> {
    try {
      const answer = await work(way);
      onAnswer();
      return { answer };
    } catch (error) {
      const away = await awayOf(error, { way: way.route, askInbox, isAlone, signal });
      if (away === undefined) throw error;
      onFault();
      return { away };
    }
  }
  return {
    async through(work, signal) {
      const isElsewhere = left.isLeft && alternate !== undefined;
      const before = failures;
      let tried = await attempt(isElsewhere ? alternate : first, work, signal);
      if ('away' in tried && !isElsewhere) {
        // What went on at the same time and failed with it is one fault.
        if (failures === before) failures += 1;
        if (alternate !== undefined && failures >= failuresToLeave) {
          if (!left.isLeft) onAlternate(tried.away);
          left.leave();
          tried = await attempt(alternate, work, signal);
        }
      } else if (!isElsewhere) failures = 0;
      if ('answer' in tried) return tried.answer;
      if (failures >= failuresToLeave) onAway(tried.away);
      throw tried.away;
    },
    [Symbol.dispose]() {
      left[Symbol.dispose]();
    },
  };
}

interface Question extends Pick<ChoiceRequest<never>, 'isAlone'> {
  readonly way: OpenRoute;
  readonly askInbox: ChoiceRequest<never>['askInbox'];
  readonly signal: AbortSignal;
}

/** The failure as one of the destination, when that is away; undefined when it is not, or when nobody can say. */
async function awayOf(
  error: unknown,
  { way, askInbox, isAlone, signal }: Question,
): Promise<Failure | undefined> {
  const failure = asFailure(error);
  if (failure === undefined || signal.aborted) return undefined;
  const { kind, scope, code, message, facts } = failure;
  if (kind === 'permanent') return undefined;
  if (kind === 'configuration' && (isAlone || !isOfDestination.test(code))) return undefined;
  if (!(await answers(() => askInbox(signal)))) return undefined;
  if (scope === 'run' && kind !== 'configuration') return failure;
  if (kind === 'configuration')
    return transientFailure(code, message, { facts, cause: failure, scope: 'run' });
  if (await answers(() => way.probe(signal))) return undefined;
  return transientFailure(code, message, { facts, cause: failure, scope: 'run' });
}

/** What a server refuses; a ledger that cannot be written ends the run, and so does an order to send to the inbox itself. */
const isOfDestination = /^(DESTINATION(?!_IS_INBOX)|ORTHANC|TRANSFER)/;

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return false;
  }
}
