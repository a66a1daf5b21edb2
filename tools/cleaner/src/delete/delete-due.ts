import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { type TalliedRun, endsMoreThanRun, hasToEnd, turnMs, untilAnswered } from '../run/end-early.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { deletePortion } from './delete-portion.ts';
import { addFate, bearable, recordTotals } from './deletion-tally.ts';
import type { Fate } from './fate.ts';
import { isRestOfOurs } from './is-rest-of-ours.ts';
import { lookingNowAndThen } from './looking-now-and-then.ts';
import { portionsOf } from './portions-of.ts';
import { sparingForRoom } from './sparing-for-room.ts';
import { listHoldings, recallHoldings, seeStudies } from './see-studies.ts';

const aSecondOver = 1100;

/**
 * Deletes what was planned, portion by portion, with pauses in between. What fails is tried once more, study by study;
 * what fails again is left for the next run. Of what ends the run, the tally tells.
 */
export async function deleteDue(due: readonly WeighedStudy[], context: TalliedRun): Promise<void> {
  const { tally } = context;
  tally.untouchedStudies = due.length;
  try {
    await deleteEach(due, context);
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.kind !== 'configuration' || endsMoreThanRun(failure)) throw error;
    tally.endedBy = 'configuration';
    context.log.error('deletion.ended', { code: failure.code, message: failure.message });
  }
}

async function deleteEach(due: readonly WeighedStudy[], context: TalliedRun): Promise<void> {
  const run: Run = {
    ...context,
    canSayMore: lookingNowAndThen(context),
    stillNeeded: sparingForRoom(due, context),
  };
  const failed = await deletePortions(due, run);
  if (run.tally.endedBy !== undefined) return;
  for (const study of await seenAgain(failed, run)) {
    if (hasToEnd(run)) return;
    const fate = (await attempt([study], run)).get(study.id);
    if (fate !== undefined) conclude(study, fate, run);
    recordTotals(run.tally, run.memory);
    if (run.tally.endedBy !== undefined) return;
  }
}

interface Run extends TalliedRun {
  readonly canSayMore: () => Promise<boolean>;
  readonly stillNeeded: ReturnType<typeof sparingForRoom>;
}

/**
 * Each portion from its list to its end, and then the next: looking at one while Orthanc deletes another cost it a fifth more
 * CPU than one after the other, and no time was won.
 * @returns what could not be deleted
 */
async function deletePortions(due: readonly WeighedStudy[], run: Run): Promise<WeighedStudy[]> {
  const failed: WeighedStudy[] = [];
  for (const portion of portionsOf(due, run.portion)) {
    if (hasToEnd(run)) break;
    const fates = await attempt(portion, run);
    run.tally.untouchedStudies -= fates.size;
    show(due.length, run);
    for (const study of portion) {
      const fate = fates.get(study.id);
      if (fate !== undefined) conclude(study, fate, run);
      if (fate?.is === 'failed') failed.push(study);
    }
    recordTotals(run.tally, run.memory);
    if (run.tally.endedBy !== undefined) break;
  }
  return failed;
}

/** One portion, then a pause; a failure that may pass counts for each of its studies. */
async function attempt(portion: readonly WeighedStudy[], run: Run): Promise<Map<string, Fate>> {
  const { health, clock, pace, signal } = run;
  health.listeners.onTurn(turnMs);
  const startedAt = performance.now();
  try {
    if (!(await run.canSayMore())) return new Map();
    const needed = await run.stillNeeded(portion);
    const fates = new Map([
      ...sparedFates(portion, needed),
      ...(await deletePortion(needed, await recallHoldings(needed, run), run)),
    ]);
    await clock.sleep(((performance.now() - startedAt) * (1 - pace)) / pace, signal);
    return fates;
  } catch (error) {
    if (signal.aborted) return new Map();
    const failure = bearable(error);
    await untilAnswered(run);
    return fatesOf(portion, failure);
  }
}

function sparedFates(portion: readonly WeighedStudy[], needed: readonly WeighedStudy[]): [string, Fate][] {
  const areNeeded = new Set(needed);
  return portion
    .filter((study) => !areNeeded.has(study))
    .map(({ id }): [string, Fate] => [id, { is: 'left', why: 'disk has room' }]);
}

const fatesOf = (portion: readonly WeighedStudy[], failure: Failure): Map<string, Fate> =>
  new Map(portion.map(({ id }): [string, Fate] => [id, { is: 'failed', failure }]));

function conclude({ id, rule }: WeighedStudy, fate: Fate, { tally, log, metrics, clock }: Run): void {
  addFate(tally, id, fate, clock.now().getTime());
  const facts = { study: id, rule: rule.name };
  metrics.countItem(fate.is);
  if (fate.is === 'deleted') {
    metrics.addBytes(fate.bytes);
    log.info('study.deleted', { ...facts, rule: fate.rule, instances: fate.instances, bytes: fate.bytes });
  } else if (fate.is === 'torn')
    log.warn('study.torn', {
      ...facts,
      rule: fate.rule,
      instances: fate.instances,
      arrivedMeanwhile: fate.left,
    });
  else if (fate.is === 'left') {
    log.warn('study.left', { ...facts, why: fate.why });
    if (fate.gone !== undefined) log.warn('study.torn', { ...facts, instances: fate.gone, why: fate.why });
  } else if (fate.is === 'failed')
    log.warn('study.not_deleted', { ...facts, code: fate.failure.code, message: fate.failure.message });
  else log.info('study.vanished', facts);
}

function show(planned: number, { tally, progress, metrics }: Run): void {
  metrics.setBacklog(tally.untouchedStudies, 0);
  progress.update({
    doneItems: planned - tally.untouchedStudies,
    totalItems: planned,
    doneParts: tally.deletedInstances,
    doneBytes: tally.deletedBytes,
    setAside: tally.failures.size,
  });
}

/**
 * What failed, as it is now, to be listed anew: each part that was deleted has changed the last update. What has arrived besides since then
 * makes it another study, which is left, also where it is what was deleted and was sent again.
 */
async function seenAgain(failed: readonly WeighedStudy[], run: Run): Promise<WeighedStudy[]> {
  if (failed.length === 0 || run.signal.aborted) return [];
  try {
    const seen = await seeStudies(failed, await listHoldings(failed, run), run);
    // Orthanc tells whole seconds: what comes after this one shows in the last update.
    await run.clock.sleep(aSecondOver, run.signal);
    return await sideBySide(failed, async (found) => {
      const study = { ...found, instanceIds: undefined };
      const [now, begun] = [seen.get(study.id), run.memory.begunOf(study.id)];
      if (now === undefined || begun === undefined) return study;
      const isOurs = await isRestOfOurs({ id: study.id, instances: now.instances }, begun, run);
      return isOurs ? { ...study, updateSeen: now.known.lastUpdate } : study;
    });
  } catch (error) {
    bearable(error);
    return [];
  }
}
