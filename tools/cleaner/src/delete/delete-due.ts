import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { checkClocks } from '../run/check-clocks.ts';
import { type TalliedRun, endsMoreThanRun, hasToEnd, turnMs, untilAnswered } from '../run/end-early.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { deletePortion } from './delete-portion.ts';
import { addFate, bearable } from './deletion-tally.ts';
import type { Fate } from './fate.ts';
import { isRestOfOurs } from './is-rest-of-ours.ts';
import { listingAhead } from './listing-ahead.ts';
import { portionsOf } from './portions-of.ts';
import { type Holdings, listHoldings, seeStudies } from './see-studies.ts';

/** Clock and rules are looked at again after so long. */
const lookEveryMs = 60_000;
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
  const { tally } = context;
  const run = { ...context, lookedAt: { time: -Infinity } };
  const failed = new Map<string, WeighedStudy>();
  const portions = [...portionsOf(due, context.portion)];
  const ahead = listingAhead(portions, run);
  for (const [index, portion] of portions.entries()) {
    if (hasToEnd(run)) return;
    const fates = await attempt(portion, () => ahead.listed(index), run);
    tally.untouchedStudies -= fates.size;
    show(due.length, run);
    for (const study of portion) {
      const fate = fates.get(study.id);
      if (fate !== undefined) conclude(study, fate, run);
      if (fate?.is === 'failed') failed.set(study.id, study);
    }
    if (tally.endedBy !== undefined) return;
  }
  for (const study of await seenAgain([...failed.values()], run)) {
    if (hasToEnd(run)) return;
    const fate = (await attempt([study], () => listHoldings([study], run), run)).get(study.id);
    if (fate !== undefined) conclude(study, fate, run);
    if (tally.endedBy !== undefined) return;
  }
}

interface Run extends TalliedRun {
  /** When clock and rules were looked at last, ms since 1970. */
  readonly lookedAt: { time: number };
}

/** One portion, then a pause; a failure that may pass counts for each of its studies. */
async function attempt(
  portion: readonly WeighedStudy[],
  listed: () => Promise<Holdings>,
  run: Run,
): Promise<Map<string, Fate>> {
  const { health, clock, pace, signal } = run;
  health.listeners.onTurn(turnMs);
  const startedAt = performance.now();
  try {
    if (!(await maySayMore(run))) return new Map();
    const fates = await deletePortion(portion, await listed(), run);
    await clock.sleep(((performance.now() - startedAt) * (1 - pace)) / pace, signal);
    return fates;
  } catch (error) {
    if (signal.aborted) return new Map();
    const failure = bearable(error);
    await untilAnswered(run);
    return fatesOf(portion, failure);
  }
}

/** Looks at clock and rules again, now and then. @throws configuration `CLOCKS_DIFFER` */
async function maySayMore(run: Run): Promise<boolean> {
  const now = run.clock.now().getTime();
  if (Math.abs(now - run.lookedAt.time) < lookEveryMs) return true;
  await checkClocks(run.orthanc, run.clock);
  run.lookedAt.time = now;
  if (await run.areRulesTheSame()) return true;
  run.tally.endedBy = 'rules';
  run.log.warn('rules.changed', {
    consequence: 'the rest is left for the next run, by the rules as they are then',
  });
  return false;
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
  else if (fate.is === 'left') log.warn('study.left', { ...facts, why: fate.why });
  else if (fate.is === 'failed')
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
 * What failed, as it is now: each part that was deleted has changed the last update. What has arrived besides since then
 * makes it another study, which is left, also where it is what was deleted and was sent again.
 */
async function seenAgain(failed: readonly WeighedStudy[], run: Run): Promise<WeighedStudy[]> {
  if (failed.length === 0 || run.signal.aborted) return [];
  try {
    const seen = await seeStudies(failed, await listHoldings(failed, run), run);
    // Orthanc tells whole seconds: what comes after this one shows in the last update.
    await run.clock.sleep(aSecondOver, run.signal);
    return await sideBySide(failed, async (study) => {
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
