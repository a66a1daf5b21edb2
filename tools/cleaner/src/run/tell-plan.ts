import type { Plan } from '../plan/plan-cleaning.ts';
import type { RuleTally, TalliedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from './cleaning.ts';

interface ToldPlan {
  readonly due: readonly TalliedStudy[];
  readonly rules: readonly RuleTally[];
  readonly heldBack: Plan['heldBack'];
  /** Studies in Orthanc. */
  readonly held: number;
}

/** To the log, rule by rule, and to the audit trail; in a dry run study by study, and to the log only. */
export function tellPlan(
  { due, rules, heldBack, held }: ToldPlan,
  { log, trail, isDryRun }: Pick<Cleaning, 'log' | 'trail' | 'isDryRun'>,
): void {
  if (isDryRun)
    for (const { id, rule, instances, bytes, isInQuarantine } of due)
      log.info('study.planned', { study: id, rule: rule.name, instances, bytes, isInQuarantine });
  for (const tally of rules) log.info('rule.planned', { ...tally });
  for (const [by, studies] of heldBack) log.info('studies.held_back', { by, studies });
  log.info('plan.made', { studies: due.length, of: held });
  if (!isDryRun)
    trail.write('plan.made', { held, planned: due.length, rules, heldBack: Object.fromEntries(heldBack) });
}
