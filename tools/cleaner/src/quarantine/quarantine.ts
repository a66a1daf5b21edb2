import type { Failure } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { bearable } from '../delete/deletion-tally.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { type Quarantine, type QuarantineStep, quarantineStep } from './quarantine-state.ts';

interface Quarantined {
  /** Their time is over. */
  readonly deletable: readonly WeighedStudy[];
  /** What could not be labelled, by Orthanc's identifiers of studies: the next run begins with it. */
  readonly failures: ReadonlyMap<string, Failure>;
  readonly counts: { labelled: number; waiting: number; released: number };
}

type Context = Pick<Cleaning, 'orthanc' | 'memory' | 'trail' | 'clock' | 'log' | 'signal'>;

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

/** Labels what is newly due, and gives what was labelled long enough ago. What is not due any more loses the label. */
export async function passQuarantine(
  steps: QuarantineSteps,
  quarantine: Quarantine,
  context: Context,
): Promise<Quarantined> {
  const { memory } = context;
  const now = context.clock.now().getTime();
  const of = (step: QuarantineStep) => steps.get(step) ?? [];
  for (const study of of('release')) {
    const { label = quarantine.label } = memory.quarantineOf(study.id) ?? {};
    memory.noteQuarantine(study.id, { since: now, isReleased: true, label });
    context.log.info('study.released', { study: study.id, consequence: 'kept' });
    context.trail.write('study.released', { study: study.id, rule: study.rule.name });
  }
  const { labelled, failures } = await labelAll(of('begin'), { ...context, quarantine, now });
  await freeOthers([...steps.values()].flat(), { ...context, quarantine });
  return {
    deletable: of('delete'),
    failures,
    counts: {
      labelled,
      waiting: of('wait').length + of('keep').length,
      released: of('release').length + of('stay').length,
    },
  };
}

async function labelAll(
  studies: readonly WeighedStudy[],
  {
    orthanc,
    memory,
    trail,
    log,
    signal,
    quarantine,
    now,
  }: Context & { readonly quarantine: Quarantine; readonly now: number },
): Promise<Pick<Quarantined, 'failures'> & { readonly labelled: number }> {
  const labelAndDays = { label: quarantine.label, days: quarantine.days };
  const failures = new Map<string, Failure>();
  let labelled = 0;
  for (const { id, rule } of studies) {
    if (signal.aborted) break;
    // Labelled first: were it noted first, a label that could not be put would count as one that was taken off.
    try {
      await orthanc.labels.put({ level: 'studies', id }, quarantine.label);
    } catch (error) {
      failures.set(id, bearable(error));
      log.warn('study.not_quarantined', { study: id, code: failures.get(id)?.code });
      continue;
    }
    memory.noteQuarantine(id, { since: now, isReleased: false, ...labelAndDays });
    trail.write('study.quarantined', { study: id, rule: rule.name, days: quarantine.days });
    log.info('study.quarantined', { study: id, rule: rule.name, days: quarantine.days });
    labelled += 1;
  }
  return { labelled, failures };
}

/**
 * Takes the label from studies that are not due any more, and forgets those that are gone. Where somebody took it off
 * before, that is kept in mind: the study may become due again.
 */
async function freeOthers(
  due: readonly WeighedStudy[],
  { orthanc, memory, log, signal, quarantine }: Context & { readonly quarantine: Quarantine },
): Promise<void> {
  const areDue = new Set(due.map(({ id }) => id));
  const others = memory.quarantined().filter(([id]) => !areDue.has(id));
  await sideBySide(others, async ([id, note]) => {
    const [study] = await orthanc.resources.facts('Study', [id], signal);
    const { label = quarantine.label } = note;
    if (study === undefined) memory.forgetQuarantine(id);
    else if (note.isReleased) return;
    else if (study.labels.includes(label)) {
      await orthanc.labels.remove({ level: 'studies', id }, label);
      memory.forgetQuarantine(id);
      log.info('study.not_due_any_more', { study: id, consequence: 'kept' });
    } else {
      memory.noteQuarantine(id, { ...note, isReleased: true, label });
      log.info('study.released', { study: id, consequence: 'kept' });
    }
  });
}
