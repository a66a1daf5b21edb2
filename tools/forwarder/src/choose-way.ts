import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { isFull } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { type WayDoubt, doubtWay } from './doubt-way.ts';
import { leftWay } from './left-way.ts';
import type { OpenRoute } from './open-route.ts';

/** Through which way a destination is reached at present. */
export interface WayChoice<Way extends { readonly route: OpenRoute }> extends Disposable {
  /**
   * Does the work by the first way; while that is down, by the alternate. A fault that would be laid at the item's door
   * is laid at the destination's where that does not answer at all, or where one unit after the other fails.
   * @throws what the work threw; a failure of scope `run` when the destination is away
   */
  through<Answer>(work: (way: Way) => Promise<Answer>, asked: Asked): Promise<Answer>;
  /** By this way something got there, also where the sending as a whole has failed. */
  noteTaken(way: Way): void;
  /** Where the destination answers and takes nothing: how long a unit that fails lets others go first (ms). */
  yieldsForMs(unit?: string): number | undefined;
}

export interface Asked {
  readonly signal: AbortSignal;
  /** Key of the unit that the work is for, where it is for one alone. */
  readonly unit?: string | undefined;
}

export interface ChoiceRequest<Way> {
  readonly first: Way;
  readonly alternate: Way | undefined;
  /** There is no other destination that a fault of this one would hold up: what it does not forgive ends the run. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  /** Whether somebody waits for the end, and nothing else than these units is left to be brought there. */
  isAllThatIsLeft(units: ReadonlySet<string>): boolean;
  /** Whether the inbox itself does not answer: then nothing is known of the destination. */
  isInboxAway(): Promise<boolean>;
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

/** So long the alternate is used, where there is one, before something is sent once more by a way that took nothing. */
const triedAgainAfterMs = 300_000;

const takesNothing = transientFailure('DESTINATION_TAKES_NOTHING', 'It answers, and takes nothing.', {
  scope: 'run',
});

export function chooseWay<Way extends { readonly route: OpenRoute }>(
  request: ChoiceRequest<Way>,
): WayChoice<Way> {
  const { first, alternate, isAlone, clock, isInboxAway, random = Math.random } = request;
  const { isAllThatIsLeft, onAlternate, onFirstWay, onFault, onAway, onAnswer } = request;
  let failures = 0;
  const doubts = new Map(
    [first, ...(alternate === undefined ? [] : [alternate])].map((way) => [way, doubtWay()]),
  );
  const doubtOf = (way: Way): WayDoubt => doubts.get(way) ?? doubtWay();
  const lastWay = alternate ?? first;
  let leftInDoubtAt = -Infinity;
  const left = leftWay({
    clock,
    random,
    probe: async (signal) => {
      // That it answers says nothing then: it did so all the time.
      if (clock.now().getTime() < leftInDoubtAt + triedAgainAfterMs) throw takesNothing;
      await first.route.probe(signal);
    },
    onBack: () => {
      // Whoever has just come back is left again at the first fault.
      failures = failuresToLeave - 1;
      onFirstWay();
    },
  });

  async function attempt<Answer>(
    way: Way,
    work: (way: Way) => Promise<Answer>,
    { signal, unit }: Asked,
  ): Promise<{ readonly answer: Answer } | { readonly away: Failure }> {
    const doubt = doubtOf(way);
    try {
      const answer = await work(way);
      if (!doubt.isOn) onAnswer();
      return { answer };
    } catch (error) {
      const found = await faultOf(error, { way: way.route, isInboxAway, isAlone, signal });
      if (found === undefined) throw error;
      if (found.isItems && unit !== undefined) doubt.noteFailed(unit);
      // Of several units nobody knows whose it is, before each was tried alone.
      if (found.isItems && (unit === undefined || !doubt.isOn)) throw error;
      // Nothing is left that could tell whose it is; that nothing ever gets through must not keep a run from its end.
      if (found.isItems && way === lastWay && isAllThatIsLeft(doubt.tried)) throw error;
      onFault();
      return { away: found.failure };
    }
  }
  return {
    async through(work, asked) {
      const isElsewhere = left.isLeft && alternate !== undefined;
      const before = failures;
      let tried = await attempt(isElsewhere ? alternate : first, work, asked);
      if ('away' in tried && !isElsewhere) {
        // What went on at the same time and failed with it is one fault.
        if (failures === before) failures += 1;
        if (doubtOf(first).isOn || isFull(tried.away))
          [failures, leftInDoubtAt] = [failuresToLeave, clock.now().getTime()];
        if (alternate !== undefined && failures >= failuresToLeave) {
          if (!left.isLeft) onAlternate(tried.away);
          left.leave();
          tried = await attempt(alternate, work, asked);
        }
      } else if (!isElsewhere) failures = 0;
      if ('answer' in tried) return tried.answer;
      if (failures >= failuresToLeave) onAway(tried.away);
      throw tried.away;
    },
    noteTaken(way) {
      doubtOf(way).noteTaken();
    },
    yieldsForMs(unit) {
      const doubt = doubtOf(left.isLeft && alternate !== undefined ? alternate : first);
      return doubt.isOn ? doubt.yieldsForMs(unit) : undefined;
    },
    [Symbol.dispose]() {
      left[Symbol.dispose]();
    },
  };
}

interface Question extends Pick<ChoiceRequest<never>, 'isAlone' | 'isInboxAway'> {
  readonly way: OpenRoute;
  readonly signal: AbortSignal;
}

interface Fault {
  /** Of scope `run`. */
  readonly failure: Failure;
  /** The destination answers: it is the item's, unless one after the other fails so. */
  readonly isItems: boolean;
}

/** The failure as one of the destination; undefined when it cannot be, or when nobody can say. */
async function faultOf(
  error: unknown,
  { way, isInboxAway, isAlone, signal }: Question,
): Promise<Fault | undefined> {
  const failure = asFailure(error);
  if (failure === undefined || signal.aborted) return undefined;
  const { kind, scope, code, message, facts } = failure;
  if (kind === 'permanent') return undefined;
  if (kind === 'configuration' && (isAlone || !isOfDestination.test(code))) return undefined;
  if (await isInboxAway()) return undefined;
  if (scope === 'run' && kind !== 'configuration') return { failure, isItems: false };
  const ofRun = transientFailure(code, message, { facts, cause: failure, scope: 'run' });
  if (kind === 'configuration' || !(await answers(() => way.probe(signal))))
    return { failure: ofRun, isItems: false };
  return mayBeOfAll.test(code) ? { failure: ofRun, isItems: true } : undefined;
}

/**
 * What a destination may say, or not say, of whatever it is sent; a job that has failed here (`JOB_FAILED`) does not speak
 * of it. What is too large for the room that is left there says nothing of others.
 */
const mayBeOfAll = /^(DESTINATION(?!_LACKS_ROOM$)|ORTHANC|TRANSFER|COMMITMENT|JOB(?!_(LOST|FAILED)$))_/;

/** What a server refuses; a ledger that cannot be written ends the run, and so does an order to send to the inbox itself. */
const isOfDestination = /^(DESTINATION(?!_IS_INBOX)|ORTHANC|TRANSFER)/;

/** @throws what is no failure */
export async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return false;
  }
}
