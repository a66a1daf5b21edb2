import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from './orthanc.ts';
import type { Outages } from './outages.ts';

/** What the work, the network or a server may be the cause of. */
const inDoubt = new Set([
  'ORTHANC_ANSWER_CUT_OFF',
  'ORTHANC_BUSY',
  'ORTHANC_CONNECTION_LOST',
  'ORTHANC_NO_ANSWER',
  'ORTHANC_SERVER_ERROR',
]);

const probeLimitMs = 10_000;

/** The server says that the credentials do not do. */
const refusingAccess = new Set(['ORTHANC_UNAUTHORIZED', 'PROXY_UNAUTHORIZED']);

/** Told of a server that took the same credentials when the run began: somebody may be changing them. */
export const isAccessRefused = ({ code }: Failure): boolean => refusingAccess.has(code);

/** Those that are asked, and what other visits have seen of them. */
export interface Suspects {
  readonly servers: readonly Pick<Orthanc, 'system' | 'url'>[];
  readonly outages: Outages;
}

/** Whether a server may be the cause of it, and has to be asked. */
export const isInDoubt = (failure: Failure): boolean => isAccessRefused(failure) || inDoubt.has(failure.code);

/**
 * Whether a failed visit says anything about what it was for, a study or a file. Before a server that is away stands often something that still
 * accepts connections (a proxy, a container engine): a server that answers nothing else either is at fault itself, and
 * then the whole run waits instead of one thing after the other losing its attempts. Nor does a refused access end a run
 * that could begin: when it is refused everywhere the run waits, otherwise it concerns the one thing alone. A server may be
 * back when it is asked: where any visit has found one of them away since `since` (of `performance.now()`), it was that.
 * That others are away, as a destination of which the work is only a part, says nothing of these.
 * @returns the failure as it was, or one of scope `run`
 */
export async function whoseFault(
  failure: Failure,
  { servers, outages }: Suspects,
  since: number,
): Promise<Failure> {
  const isRefused = isAccessRefused(failure);
  if (!isRefused && failure.scope === 'run' && isOfOne(servers, failure)) outages.note();
  if (!isRefused && (failure.scope === 'run' || !inDoubt.has(failure.code))) return failure;
  const found = await findAway({ servers, outages });
  if (found !== undefined) return ofRun(found, failure);
  if (outages.since(since)) return ofRun(failure, failure);
  return isRefused ? transientFailure(failure.code, failure.message, { facts: failure.facts }) : failure;
}

/**
 * Asks each what it is, and lets all other visits know of one that does not say it.
 * @returns why the first of them does not; undefined when all of them do
 * @throws what does not pass by itself, and what is no failure
 */
export async function findAway({ servers, outages }: Suspects): Promise<Failure | undefined> {
  for (const server of servers)
    try {
      await server.system(undefined, probeLimitMs);
    } catch (error) {
      const found = asFailure(error);
      if (found === undefined || (found.kind === 'configuration' && !isAccessRefused(found))) throw error;
      outages.note();
      return found;
    }
  return undefined;
}

/**
 * For a failure that others than the suspects may have caused.
 * @throws the failure, of scope `run`, where it is the fault of one of them after all
 */
export async function acquit(failure: Failure, suspects: Suspects, since: number): Promise<void> {
  const judged = await whoseFault(failure, suspects, since);
  if (judged.scope === 'run' && (failure.scope !== 'run' || isOfOne(suspects.servers, failure))) throw judged;
}

/** What a server answers of a destination to which it was to turn is no fault of its own. */
const isOfOne = (servers: Suspects['servers'], { facts }: Failure): boolean =>
  facts['destination'] === undefined && servers.some(({ url }) => url === facts['server']);

/**
 * What was thrown, once it is known that it is a matter of the work.
 * @throws what is of scope `run`, and what is no failure
 */
export async function blame(error: unknown, suspects: Suspects, since: number): Promise<Failure> {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  const judged = await whoseFault(failure, suspects, since);
  if (judged.scope === 'run') throw judged;
  return judged;
}

/** Does the work. @throws what it throws, of scope `run` where it was a server that was away */
export async function suspecting<Result>(suspects: Suspects, work: () => Promise<Result>): Promise<Result> {
  const since = performance.now();
  try {
    return await work();
  } catch (error) {
    throw await blame(error, suspects, since);
  }
}

const ofRun = ({ code, message, facts, retryAfterMs }: Failure, cause: Failure): Failure =>
  transientFailure(code, message, { scope: 'run', facts, retryAfterMs, cause });
