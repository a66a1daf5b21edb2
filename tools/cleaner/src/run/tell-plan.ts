import { nameOf } from '@orthanc-tools/tool-options';
import type { Plan } from '../plan/plan-cleaning.ts';
import type { RuleTally, TalliedStudy } from '../plan/weigh-plan.ts';
import { daysLeft, quarantineStep } from '../quarantine/quarantine-state.ts';
import { dayIn } from '../rules/wall-clock.ts';
import type { Cleaning } from './cleaning.ts';

interface ToldPlan {
  readonly due: readonly TalliedStudy[];
  readonly rules: readonly RuleTally[];
  readonly heldBack: Plan['heldBack'];
  readonly changedLately: Plan['changedLately'];
  /** Studies in Orthanc. */
  readonly held: number;
}

/** To the log, rule by rule, and to the audit trail; in a dry run study by study, and to the log only. */
export function tellPlan({ due, rules, heldBack, changedLately, held }: ToldPlan, run: Cleaning): void {
  const { log, trail, basis, isDryRun } = run;
  if (isDryRun) tellStudies(due, run);
  for (const tally of rules) log.info('rule.planned', { ...tally });
  for (const [rule, studies] of changedLately) log.info('rule.changed_lately', { rule, studies });
  for (const [by, studies] of heldBack) log.info('studies.held_back', { by, studies });
  log.info('plan.made', { studies: due.length, of: held });
  if (!isDryRun)
    trail.write('plan.made', {
      held,
      planned: due.length,
      rules,
      heldBack: Object.fromEntries(heldBack),
      basis,
    });
}

function tellStudies(due: readonly TalliedStudy[], run: Cleaning): void {
  const { log, elsewhere } = run;
  for (const study of due) {
    const { id, rule, instances, bytes, labels, isInQuarantine } = study;
    log.info('study.planned', {
      study: id,
      rule: rule.name,
      // What else stands there may be anything.
      studyDate: dayIn(study.studyDate) ?? '',
      labels,
      instances,
      bytes,
      isInQuarantine,
      ...stayOf(study, run),
    });
  }
  if (elsewhere !== undefined)
    log.info('plan.not_asked', {
      option: nameOf('onlyIfAt'),
      consequence: 'a dry run does not ask the other place for each study: what it lacks would stay',
    });
}

/** What the quarantine would do with it, and for how many days it would still stay. */
function stayOf(
  { id, isInQuarantine }: TalliedStudy,
  { quarantine: { days }, memory, clock }: Pick<Cleaning, 'quarantine' | 'memory' | 'clock'>,
): { readonly step: string; readonly daysLeft?: number } {
  const now = clock.now().getTime();
  const note = memory.quarantineOf(id);
  const step = quarantineStep({ isLabelled: isInQuarantine, note, now, days });
  if (step === 'begin') return { step, daysLeft: days };
  return step === 'wait' && note !== undefined
    ? { step, daysLeft: daysLeft(note.since, days, now) }
    : { step };
}
