import { nameOf } from '@orthanc-tools/tool-options';
import type { Cleaning } from '../run/cleaning.ts';
import { type TalliedRun, hasToEnd } from '../run/end-early.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { freeOthers } from './free-others.ts';
import { type Quarantine, type QuarantineStep, quarantineStep } from './quarantine-state.ts';
import { unlessFailed } from './unless-failed.ts';

/** Studies, of one run. */
export interface QuarantineCounts {
  labelled: number;
  waiting: number;
  released: number;
}

type Context = Pick<Cleaning, 'memory' | 'clock' | 'log'>;

/** What the quarantine says of each study that is due. */
export type QuarantineSteps = ReadonlyMap<QuarantineStep, readonly WeighedStudy[]>;

export function quarantineSteps(
  due: readonly WeighedStudy[],
  { days }: Quarantine,
  { memory, clock }: Pick<Context, 'memory' | 'clock'>,
): QuarantineSteps {
  const now = clock.now().getTime();
  return Map.groupBy(due, ({ id, isInQuarantine }) =>
    quarantineStep({ isLabelled: isInQuarantine, note: memory.quarantineOf(id), now, days }),
  );
}

/** What of it somebody may not expect. */
export function warnOfSteps(
  steps: QuarantineSteps,
  { label }: Quarantine,
  { memory, log }: Pick<Context, 'memory' | 'log'>,
): void {
  const kept = steps.get('keep')?.length ?? 0;
  if (kept > 0)
    log.warn('quarantine.kept', {
      studies: kept,
      consequence: `kept: what is in quarantine is deleted only by a run with ${nameOf('quarantineDays')}`,
    });
  const begun = steps.get('begin') ?? [];
  const unknown = begun.filter(({ id, isInQuarantine }) => isInQuarantine && !memory.quarantineOf(id)).length;
  if (unknown > 0)
    log.warn('quarantine.unrecorded', {
      studies: unknown,
      label,
      consequence: 'the ledger does not know since when they bear the label: their days begin now',
    });
}

/**
 * Labels what is newly due, and gives what was labelled long enough ago. What is not due any more loses the label. What fails
 * is left for the next run; of that, and of what ends the run, the tally tells.
 */
export async function passQuarantine(
  steps: QuarantineSteps,
  counts: QuarantineCounts,
  run: TalliedRun,
): Promise<readonly WeighedStudy[]> {
  const of = (step: QuarantineStep) => steps.get(step) ?? [];
  counts.waiting = of('wait').length + of('keep').length;
  counts.released = of('release').length + of('stay').length;
  for (const study of of('release')) release(study, run);
  for (const study of of('begin')) {
    if (hasToEnd(run)) break;
    if (await begin(study, run)) counts.labelled += 1;
  }
  await freeOthers([...steps.values()].flat(), run);
  return of('delete');
}

function release({ id, rule }: WeighedStudy, { memory, quarantine, clock, log, trail }: TalliedRun): void {
  const { label = quarantine.label } = memory.quarantineOf(id) ?? {};
  memory.noteQuarantine(id, { since: clock.now().getTime(), isReleased: true, label });
  log.info('study.released', { study: id, consequence: 'kept' });
  trail.write('study.released', { study: id, rule: rule.name });
}

/** Labelled first: were it noted first, a label that could not be put would count as one that was taken off. */
async function begin({ id, rule }: WeighedStudy, run: TalliedRun): Promise<boolean> {
  const { label, days } = run.quarantine;
  const isPut = await unlessFailed({ ids: [id], event: 'study.not_quarantined' }, run, async () => {
    await run.orthanc.labels.put({ level: 'studies', id }, label);
    return true;
  });
  if (isPut !== true) return false;
  run.memory.noteQuarantine(id, { since: run.clock.now().getTime(), isReleased: false, label, days });
  run.trail.write('study.quarantined', { study: id, rule: rule.name, days });
  run.log.info('study.quarantined', { study: id, rule: rule.name, days });
  return true;
}
