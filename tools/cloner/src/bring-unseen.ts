import { confirmVanished } from '@orthanc-tools/copy-proof';
import { type Failure, transientFailure, sideBySide } from '@orthanc-tools/failures';
import { type StoredInstance, noOutages } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { Bringing } from './bringing.ts';
import { type JobWay, catchUp, sendNoted } from './carry-by-jobs.ts';
import { withoutFile } from './judge-unfound.ts';
import { planLoads } from './plan-loads.ts';
import { singlyFromAttempt } from './relay.ts';
import type { UnseenVerdict } from './judge-unseen.ts';
import { rememberedSet } from './remembered-set.ts';
import { type Exception, type StudyOutcome, nothingProved, toldEmpty, vanished } from './study-outcome.ts';
import { type UnseenEnds, type UnseenStudy, judgeStudy, readStudy } from './unseen-study.ts';

/** A destination whose REST API is not at hand: a modality, or a peer that only the source reaches. */
export type UnseenWay = JobWay & UnseenEnds;

const looksAtOnce = 4;
const aloneAtOnce = 4;

/**
 * Sends by jobs of the source. What the destination names afterwards, and did not name before, is proved; everything else
 * that was sent with success is accepted, and sent no second time.
 */
export function bringUnseen(way: UnseenWay): Bringing {
  return {
    suspects: { servers: [way.source], outages: noOutages() },
    async bring(claims, hand) {
      await catchUpAccepted(claims, way, hand.signal);
      const errands: UnseenErrand[] = [];
      await sideBySide(claims, looksAtOnce, async (claim) => {
        errands.push(await lookAt(claim, way, hand));
      });
      const failures = await sendTogether(errands, way, hand);
      return errands.map((errand) => ({
        claim: errand.claim,
        conclude: () => conclude(errand, failures.get(errand), { way, hand }),
      }));
    },
  };
}

/** What an earlier process had under way, and has arrived since, it could not note itself. */
async function catchUpAccepted(claims: readonly Claim[], way: UnseenWay, signal: AbortSignal): Promise<void> {
  for (const studyId of await catchUp(claims, way, signal)) {
    const { here, accepted } = await readStudy(studyId, way, signal);
    const underway = rememberedSet(way.memory, studyId, 'underway');
    accepted.add(here.filter((instance) => underway.has(instance)));
  }
}

interface UnseenErrand {
  readonly claim: Claim;
  readonly study: UnseenStudy;
  readonly toSend: readonly StoredInstance[];
}

/** Before anything is sent it is noted, durably, what the destination does not have. */
async function lookAt(claim: Claim, way: UnseenWay, { signal }: Hand): Promise<UnseenErrand> {
  const study = await readStudy(claim.key, way, signal);
  const judged = await judgeStudy(study, way, signal);
  // What a destination has not named for long enough is sent again.
  const isDue = (verdict: string) =>
    verdict === 'to send' || (verdict === 'lost' && claim.attempt >= singlyFromAttempt);
  const toSend = study.here.filter((instance) => isDue(judged.get(instance) ?? ''));
  // What comes back there without us is not what was proved.
  study.proved.remove([...judged].flatMap(([one, verdict]) => (isUnnamed(verdict) ? [one] : [])));
  if (way.witness !== undefined) study.absent.add(toSend);
  return { claim, study, toSend };
}

const isUnnamed = (verdict: UnseenVerdict): boolean => verdict === 'lost' || verdict === 'to send';

async function sendTogether(
  errands: readonly UnseenErrand[],
  way: UnseenWay,
  hand: Hand,
): Promise<Map<UnseenErrand, Failure>> {
  const failures = new Map<UnseenErrand, Failure>();
  const together = errands.filter(({ claim }) => claim.attempt < singlyFromAttempt);
  for (const load of planLoads(together.map((owner) => ({ owner, missing: owner.toSend })))) {
    if (hand.signal.aborted) break;
    const owners = [...Map.groupBy(load, ({ owner }) => owner)].map(
      ([owner, members]) => [owner, members.map(({ instance }) => instance)] as const,
    );
    const studies = owners.map(([{ claim }]) => claim.key);
    const beforeBegin = () => {
      for (const [{ claim }, instances] of owners)
        rememberedSet(way.memory, claim.key, 'underway').put(instances);
    };
    const failure = await sendNoted(
      load.map(({ instance }) => instance.id),
      { ...way, studies, beforeBegin, signal: hand.signal },
    );
    for (const [owner, instances] of owners)
      if (failure === undefined) noteAccepted(owner, instances, hand);
      else failures.set(owner, failure);
  }
  return failures;
}

function noteAccepted(
  { claim, study }: UnseenErrand,
  instances: readonly StoredInstance[],
  hand: Hand,
): void {
  study.accepted.add(instances);
  hand.observe({ claim, parts: instances.length, bytes: sizeOf(instances) });
}

const sizeOf = (instances: readonly StoredInstance[]): number =>
  instances.reduce((sum, { size }) => sum + size, 0);

interface Concluding {
  readonly way: UnseenWay;
  readonly hand: Hand;
}

async function conclude(
  errand: UnseenErrand,
  failed: Failure | undefined,
  { way, hand }: Concluding,
): Promise<StudyOutcome> {
  const { study, claim } = errand;
  if (study.here.length === 0)
    return (await confirmVanished(way.source, study.studyId, hand.signal)) ? vanished : toldEmpty();
  const alone = claim.attempt < singlyFromAttempt ? nothingAlone : await sendSingly(errand, { way, hand });
  return outcomeOf(errand, { ...alone, failure: alone.failure ?? failed }, { way, hand });
}

interface SentAlone {
  readonly exceptions: readonly Exception[];
  readonly failure: Failure | undefined;
}

const nothingAlone: SentAlone = { exceptions: [], failure: undefined };

/** Each by a job of its own, so that one that is refused is known by name. */
async function sendSingly(errand: UnseenErrand, { way, hand }: Concluding): Promise<SentAlone> {
  const exceptions: Exception[] = [];
  let failure: Failure | undefined;
  await sideBySide(errand.toSend, aloneAtOnce, async (instance) => {
    const refusal = await way.sendAlone(instance, hand.signal);
    if (refusal === undefined) noteAccepted(errand, [instance], hand);
    else if (refusal.kind === 'permanent') {
      // Whatever the destination names from now on is not what was sent.
      errand.study.absent.remove([instance]);
      exceptions.push({ part: instance.id, code: refusal.code, message: refusal.message });
    } else failure ??= refusal;
  });
  return { exceptions, failure };
}

/** Looks once more, and says of each instance that the source holds what is known. */
async function outcomeOf(
  { study, toSend }: UnseenErrand,
  { exceptions: refused, failure }: SentAlone,
  { way, hand }: Concluding,
): Promise<StudyOutcome> {
  const judged = await judgeStudy(study, way, hand.signal);
  const known = new Set(refused.map(({ part }) => part));
  const those = (verdict: string) =>
    study.here.filter((instance) => judged.get(instance) === verdict && !known.has(instance.id));
  const [proved, accepted, lost] = [those('proved'), those('accepted'), those('lost')];
  // In this order: whoever dies in between still knows that it was proved.
  study.proved.add(proved);
  study.absent.remove(proved);
  const pending = [...those('to send'), ...lost].map(({ id }) => id);
  const done = new Set([...proved, ...accepted]);
  const copied = toSend.filter((instance) => done.has(instance));
  const proof = way.witness?.kind ?? 'none';
  return {
    ...nothingProved,
    proved: proved.length === 0 ? {} : { [proof]: proved.length },
    provedBytes: sizeOf(proved),
    accepted: accepted.length,
    acceptedBytes: sizeOf(accepted),
    copied: copied.length,
    copiedBytes: sizeOf(copied),
    exceptions: [
      ...refused,
      ...study.here.filter(({ isWithoutFile }) => isWithoutFile).map(({ id }) => withoutFile(id, 'source')),
    ],
    pending,
    unfinished: pending.length === 0 ? undefined : (failure ?? notNamed(lost.length)),
  };
}

const notNamed = (instances: number): Failure =>
  transientFailure(
    'NOT_AT_DESTINATION',
    'The destination has accepted instances, and does not name them when it is asked.',
    { facts: { instances } },
  );
