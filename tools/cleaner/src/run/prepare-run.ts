import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions, timeZoneFromOptions } from '@orthanc-tools/scheduling';
import { nameOf, parseSize } from '@orthanc-tools/tool-options';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { AuditTrail } from '../audit/open-trail.ts';
import { type RunSources, basisOf } from '../audit/run-basis.ts';
import type { Elsewhere } from '../elsewhere/elsewhere.ts';
import type { CleanerOptions } from '../options.ts';
import { versionOf } from '../rules-file/settled-file.ts';
import { judgeBy } from '../rules/judge-study.ts';
import type { Moment, Policy, RetentionRule } from '../rules/retention-rule.ts';
import type { CleanerMemory } from './cleaner-memory.ts';
import type { Cleaning, DiskMarks } from './cleaning.ts';

export interface Opened {
  readonly orthanc: Orthanc;
  readonly memory: CleanerMemory;
  readonly trail: AuditTrail;
  readonly elsewhere: Elsewhere | undefined;
  /** Looks at the disk first, as some rules depend on it. */
  readonly isDiskFull: boolean;
  /** Of the rules file when it was read. */
  readonly rulesVersion: string;
  readonly sources: RunSources;
}

/** One run by these rules, at this moment. */
export function prepareRun(
  policy: Policy,
  options: CleanerOptions,
  { context, opened }: { readonly context: RunContext; readonly opened: Opened },
): Cleaning {
  const moment: Moment = { now: context.clock.now(), timeZone: timeZoneFromOptions(options) };
  warnOfResting(policy, options, context);
  const isResting = ({ isForFullDisk }: RetentionRule) => isForFullDisk && !opened.isDiskFull;
  const rules = policy.rules.filter((rule) => !isResting(rule));
  const resting = policy.rules.filter(isResting);
  const { quarantineDays: days, quarantineLabel: label, maxStudies, maxPercent } = options;
  return {
    ...context,
    ...opened,
    judge: judgeBy({ ...policy, rules, resting }, moment),
    moment,
    basis: basisOf(policy, options, opened.sources),
    fuse: { maxStudies, maxPercent },
    // What is in quarantine, or was objected to, stays also in a run without one.
    quarantine: { days, label, isOfRules: days === 0 && isNamedBy(policy, label) },
    schedule: scheduleFromOptions(options),
    pace: options.pace / 100,
    portion: options.portion,
    patienceMs: options.patience,
    disk: diskMarks(options),
    isDryRun: options.dryRun,
    areRulesTheSame: async () => (await versionOf(options.labelsFilePath)) === opened.rulesVersion,
  };
}

const isNamedBy = ({ rules }: Policy, label: string): boolean =>
  rules.some(({ criteria }) => criteria.labels?.includes(label) === true);

export function diskMarks({
  diskHighMark,
  diskLowMark = diskHighMark,
}: Pick<CleanerOptions, 'diskHighMark' | 'diskLowMark'>): DiskMarks | undefined {
  if (diskHighMark === undefined || diskLowMark === undefined) return undefined;
  return { high: parseSize(diskHighMark) ?? Infinity, low: parseSize(diskLowMark) ?? Infinity };
}

/** Without a mark no disk is ever full. */
function warnOfResting({ rules }: Policy, options: CleanerOptions, { log }: Pick<RunContext, 'log'>): void {
  if (options.diskHighMark !== undefined) return;
  for (const { name, isForFullDisk } of rules)
    if (isForFullDisk) log.warn('rule.never_applies', { rule: name, missing: nameOf('diskHighMark') });
}
