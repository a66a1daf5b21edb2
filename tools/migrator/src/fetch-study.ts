import type { Failure } from '@orthanc-tools/failures';
import type { ListedStudy } from '@orthanc-tools/study-search';
import { type Arrived, countHeld, foreignAmong } from './arrival-note.ts';
import { type Comparison, type HeldImages, compareImages } from './compare-images.ts';
import { faultOfTransfer } from './fault-of-modality.ts';
import { type Order, planRound, rounds } from './plan-round.ts';
import type { SourceModality, StudyContext } from './study-context.ts';
import { tellStep } from './study-steps.ts';
import { followRemembered, transfer } from './transfer.ts';

/** What came of fetching a study. */
export interface Fetched {
  readonly comparison: Comparison;
  /** Images that came in this try. */
  readonly fetched: number;
  readonly arrived: Arrived;
  /** Images of the study that are there now, whether the source names them or not. */
  readonly held: number;
  /** The last transfer that failed for itself. */
  readonly failure: Failure | undefined;
  /** The orders were carried out, and nobody can be asked what has arrived. */
  readonly isUnproved: boolean;
}

export interface FetchRequest {
  readonly key: string;
  readonly study: ListedStudy;
  /** How many images the source counts at the level of the study, where it does. */
  readonly told?: number | undefined;
  readonly source: SourceModality;
  readonly signal: AbortSignal;
}

/**
 * Fetches what is missing of a study: as a whole first, then in ever finer parts, each time by what has really arrived.
 * What the source reports of its own doing is no proof.
 */
export async function fetchStudy(request: FetchRequest, context: StudyContext): Promise<Fetched> {
  const { key, study, told, source, signal } = request;
  const { arrival } = source;
  const count = (asked?: AbortSignal) => arrival.count(study.studyInstanceUid, asked);
  await followRemembered({ key, lane: source.lane, count, signal }, context);
  tellStep(context.log, 'look before fetching', { study: key });
  let held = await arrival.held(study, signal);
  const before = held.size;
  const foreign = arrival.isSilent ? 0 : foreignAmong(countHeld(study, held, told), key, context.ledger);
  let comparison = compareImages(study, held);
  let failure: Failure | undefined;
  for (let round = 0; round < rounds && !comparison.isComplete; round += 1) {
    const orders = planRound({ study, gaps: comparison.gaps, isUntouched: held.size === 0, round });
    for (const order of orders) failure = (await carryOut(order, request, context)) ?? failure;
    if (arrival.isSilent) break;
    tellStep(context.log, 'look after fetching', { study: key });
    held = await lookAgain(held, request, context);
    comparison = compareImages(study, held);
  }
  const fetched = Math.max(0, held.size - before);
  const arrived = { foreign, own: Math.max(0, countHeld(study, held, told) - foreign) };
  return { comparison, fetched, arrived, held: held.size, failure, isUnproved: arrival.isSilent };
}

async function carryOut(
  { level, resources, images }: Order,
  { key, study, source, signal }: FetchRequest,
  context: StudyContext,
): Promise<Failure | undefined> {
  const { alias, method, arrival, arrivalAet, lane } = source;
  const retrieval = {
    level,
    resources,
    targetAet: arrivalAet,
    timeoutSeconds: Math.ceil(context.limits.stall / 1000),
    signal,
  };
  const start = () => context.orthanc.modalities.retrieve(alias, method, retrieval);
  const count = (asked?: AbortSignal) => arrival.count(study.studyInstanceUid, asked);
  const takesSpace = arrivalAet === undefined;
  const ordered = { key, lane, what: level, images, takesSpace, start, count, signal };
  const failure = await transfer(ordered, context);
  return failure && (await faultOfTransfer(failure, { key, modality: source, signal }, context));
}

/** What has just been received may not be in the index of a large archive yet. */
const settlingMs = 2000;

async function lookAgain(
  known: HeldImages,
  { study, source: { arrival, arrivalAet }, signal }: FetchRequest,
  { clock }: StudyContext,
): Promise<HeldImages> {
  const held = await arrival.held(study, signal);
  if (arrivalAet === undefined || held.size > known.size) return held;
  if (compareImages(study, held).isComplete) return held;
  await clock.sleep(settlingMs, signal);
  return arrival.held(study, signal);
}
