import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions, timeZoneFromOptions } from '@orthanc-tools/scheduling';
import { parseSize } from '@orthanc-tools/tool-options';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { AuditTrail } from '../audit/open-trail.ts';
import type { Elsewhere } from '../elsewhere/elsewhere.ts';
import type { CleanerOptions } from '../options.ts';
import { judgeBy } from '../rules/judge-study.ts';
import type { Moment, Policy, RetentionRule } from '../rules/retention-rule.ts';
import { ageLimit } from '../rules/wall-clock.ts';
import type { CleanerMemory } from './cleaner-memory.ts';
import type { Cleaning, DiskMarks } from './cleaning.ts';

export interface Opened {
  readonly orthanc: Orthanc;
  readonly memory: CleanerMemory;
  readonly trail: AuditTrail;
  readonly elsewhere: Elsewhere | undefined;
  /** Looks at the disk first, as some rules depend on it. */
  readonly isDiskFull: boolean;
}

/** One run by these rules, at this moment. */
export function prepareRun(
  policy: Policy,
  options: CleanerOptions,
  { context, opened }: { readonly context: RunContext; readonly opened: Opened },
): Cleaning {
  const moment: Moment = { now: context.clock.now(), timeZone: timeZoneFromOptions(options) };
  warnOfFuture(policy, moment, context);
  const isResting = ({ isForFullDisk }: RetentionRule) => isForFullDisk && !opened.isDiskFull;
  const rules = policy.rules.filter((rule) => !isResting(rule));
  const resting = policy.rules.filter(isResting);
  const { quarantineDays: days, quarantineLabel: label, maxStudies, maxPercent } = options;
  return {
    ...context,
    ...opened,
    judge: judgeBy({ ...policy, rules, resting }, moment),
    moment,
    fuse: { maxStudies, maxPercent },
    quarantine: days === 0 ? undefined : { days, label },
    schedule: scheduleFromOptions(options),
    pace: options.pace / 100,
    portion: options.portion,
    patienceMs: options.patience,
    disk: diskMarks(options),
    isDryRun: options.dryRun,
  };
}

export function diskMarks({
  diskHighMark,
  diskLowMark = diskHighMark,
}: Pick<CleanerOptions, 'diskHighMark' | 'diskLowMark'>): DiskMarks | undefined {
  if (diskHighMark === undefined || diskLowMark === undefined) return undefined;
  return { high: parseSize(diskHighMark) ?? Infinity, low: parseSize(diskLowMark) ?? Infinity };
}

/** The Python tool takes a negative number of weeks; nobody should have written one by mistake. */
function warnOfFuture({ rules }: Policy, moment: Moment, { log }: Pick<RunContext, 'log'>): void {
  for (const { name, age } of rules)
    if (age.count < 0) log.warn('rule.limit_in_future', { rule: name, limit: ageLimit(age, moment).limit });
}
