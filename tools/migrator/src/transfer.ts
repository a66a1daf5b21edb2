import { type Failure, asFailure } from '@orthanc-tools/failures';
import { receivedIn } from '@orthanc-tools/orthanc-client';
import { checkSpace } from './check-space.ts';
import { followTransfer, hoursEnded, hoursEndedFailure } from './follow-transfer.ts';
import type { Lane } from './lane.ts';
import type { StudyContext } from './study-context.ts';
import { tellStep } from './study-steps.ts';

/** One job of Orthanc that moves images of a study. */
export interface Transfer {
  readonly key: string;
  readonly lane: Lane;
  /** For the log: what is moved. */
  readonly what: string;
  readonly images: number;
  /** It fills the disk of Orthanc. */
  readonly takesSpace?: boolean;
  readonly start: () => Promise<string>;
  /** Once Orthanc has the job; what it notes becomes durable with the job. */
  readonly begun?: () => void;
  readonly count: (signal?: AbortSignal) => Promise<number | undefined>;
  readonly signal: AbortSignal;
}

/**
 * The part of an item under which the job in hand is remembered: a restart follows it, and starts no second one. It sorts
 * before every other note.
 */
const jobPart = '!job';

/**
 * Lets Orthanc do a transfer, and follows it. A transfer that failed for itself is told by its failure: what has
 * arrived is looked at in any case.
 * @throws what concerns the whole run, a look at the job that failed, `HOURS_ENDED`, and what is no failure
 */
export async function transfer(wanted: Transfer, context: StudyContext): Promise<Failure | undefined> {
  const { pace } = context;
  const { lane, images, signal } = wanted;
  return lane(async () => {
    await pace.untilFree(signal);
    signal.throwIfAborted();
    await mayBegin(wanted, context);
    tellStep(context.log, 'order the transfer', { study: wanted.key });
    const id = await wanted.start();
    wanted.begun?.();
    rememberJob(wanted.key, id, context);
    tellStep(context.log, 'follow the transfer', { study: wanted.key });
    return await followed(id, wanted, context).finally(() => pace.spend(images));
  });
}

/** Follows the job that a process before this one had in hand, if there is one and Orthanc still knows it. */
export async function followRemembered(
  wanted: Omit<Transfer, 'start' | 'begun' | 'images' | 'takesSpace' | 'what'>,
  context: StudyContext,
): Promise<void> {
  const { ledger, orthanc } = context;
  const [remembered] = ledger.remembered(wanted.key, { limit: 1 }).filter(({ part }) => part === jobPart);
  if (remembered === undefined) return;
  const job = await orthanc.jobs.get(remembered.note).catch((error: unknown) => {
    if (asFailure(error)?.code !== 'JOB_LOST') throw error;
    return undefined;
  });
  const isOver = job === undefined || job.state === 'Success' || job.state === 'Failure';
  if (isOver) ledger.forget(wanted.key, [jobPart]);
  else await wanted.lane(() => followed(remembered.note, { ...wanted, what: 'as before' }, context));
}

function rememberJob(key: string, id: string, { ledger }: StudyContext): void {
  ledger.remember(key, [{ part: jobPart, note: id }]);
  ledger.flush();
}

/** The hours may have ended, and the disk become full, since the study was begun. */
async function mayBegin(
  { takesSpace = false, signal }: Pick<Transfer, 'takesSpace' | 'signal'>,
  context: StudyContext,
): Promise<void> {
  const { schedule, clock } = context;
  if (!schedule.isOpen(clock.now())) throw hoursEndedFailure();
  if (takesSpace) await checkSpace(context, signal);
}

async function followed(
  id: string,
  { key, what, count, signal }: Omit<Transfer, 'start' | 'begun' | 'lane' | 'images' | 'takesSpace'>,
  context: StudyContext,
): Promise<Failure | undefined> {
  const { orthanc, log, ledger, totals } = context;
  try {
    const job = await followTransfer(orthanc, id, { ...context, signal, count });
    ledger.forget(key, [jobPart]);
    const { failure } = job;
    const told = { study: key, what, received: receivedIn(job), code: failure?.code, ...failure?.facts };
    log[failure === undefined ? 'debug' : 'warn']('transfer.ended', told);
    if (failure !== undefined && concernsRun(failure)) throw failure;
    return failure;
  } catch (error) {
    const failure = asFailure(error);
    // After a look that failed the job goes on: it is followed again, and none is started beside it.
    if (failure === undefined || !endsTransfer.has(failure.code)) throw error;
    log.warn('transfer.given_up', { study: key, what, code: failure.code });
    if (failure.code === 'TRANSFER_STALLED') totals.stalledTransfers += 1;
    if (failure.code === hoursEnded) throw error;
    return failure;
  }
}

/** What a transfer is given up for, or can no longer be followed for. */
const endsTransfer = new Set(['TRANSFER_STALLED', 'TRANSFER_TOO_LONG', 'JOB_LOST', hoursEnded]);

const concernsRun = ({ scope, kind }: Failure): boolean => scope === 'run' || kind === 'configuration';
