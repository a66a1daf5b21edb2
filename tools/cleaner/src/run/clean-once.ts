import { type DeletionTally, emptyTally, recordTotals } from '../delete/deletion-tally.ts';
import { deleteDue } from '../delete/delete-due.ts';
import {
  type BegunBefore,
  type EndedDeletion,
  giveUp,
  readBegun,
  recordEnded,
} from '../delete/resume-begun.ts';
import { type Fuse, type FuseQuestion, blownBy } from '../plan/fuse.ts';
import { type DueStudy, type Plan, withoutFresh } from '../plan/plan-cleaning.ts';
import { readPlan } from '../plan/read-studies.ts';
import {
  type RuleTally,
  type TalliedStudy,
  type WeighedStudy,
  tallyByRule,
  trimToDisk,
} from '../plan/weigh-plan.ts';
import { weighDue } from '../plan/weigh-due.ts';
import {
  type QuarantineCounts,
  type QuarantineSteps,
  passQuarantine,
  quarantineSteps,
  warnOfSteps,
} from '../quarantine/quarantine.ts';
import type { QuarantineStep } from '../quarantine/quarantine-state.ts';
import { checkClocks } from './check-clocks.ts';
import type { Cleaning } from './cleaning.ts';
import { tellPlan } from './tell-plan.ts';

/** What would become of the studies that are due. */
export interface Preview {
  readonly toDelete: number;
  readonly toQuarantine: number;
  /** In quarantine, and not to be deleted by this run. */
  readonly waiting: number;
  /** Objected to. */
  readonly released: number;
}

/** How one run ended. */
export interface CleaningResult {
  readonly rules: readonly RuleTally[];
  readonly heldBack: Plan['heldBack'];
  readonly plannedStudies: number;
  readonly studiesInOrthanc: number;
  /** The fuse that was blown: nothing was deleted. */
  readonly fuse: keyof Fuse | undefined;
  readonly deletion: DeletionTally;
  readonly quarantine: Readonly<QuarantineCounts>;
  /** Of a dry run: what the quarantine says of what is due. */
  readonly preview?: Preview;
  /** What ended it before its time, where that is not told by the tally. */
  readonly failure?: unknown;
}

/** What a run has found, and is to do. */
export interface CleaningPlan extends Pick<
  CleaningResult,
  'rules' | 'heldBack' | 'plannedStudies' | 'studiesInOrthanc' | 'fuse'
> {
  /** Nothing where the plan is too large. */
  readonly due: readonly WeighedStudy[];
  readonly steps: QuarantineSteps;
  /** Deletions of earlier runs that are not gone on with. */
  readonly ended: readonly EndedDeletion[];
}

/**
 * Plans, and records the plan. Changes nothing.
 * @throws configuration `CLOCKS_DIFFER`, and whatever keeps Orthanc from being asked
 */
export async function makePlan(run: Cleaning): Promise<CleaningPlan> {
  const { orthanc, elsewhere, signal, clock } = run;
  const startedAt = await checkClocks(orthanc, clock);
  await elsewhere?.probe(signal);
  const begun = await readBegun(run);
  const { studies: held, diskSize } = await orthanc.statistics(signal);
  const plan = await readPlan(run, begun.resumed);
  const { due: found, heldBack, changedLately } = withoutFresh(plan, startedAt);
  if (needsNoWeighing(found, run) && blownBy({ planned: found.length, held }, run.fuse) !== undefined) {
    const planned = tell({ due: found, heldBack, changedLately, held }, run);
    const fuse = askFuse({ planned: found.length, held }, run);
    return { ...planned, fuse, due: [], steps: new Map(), ended: await endedOf(begun, plan.due, run) };
  }
  const toFree = run.disk === undefined ? 0 : Math.max(0, diskSize - run.disk.low);
  const due = trimToDisk(await weighDue(found, run), toFree);
  const planned = tell({ due, heldBack, changedLately, held }, run);
  const steps = quarantineSteps(due, run.quarantine, run);
  warnOfSteps(steps, run.quarantine, run);
  // What only waits for its time, or was taken out of it, changes nothing today.
  const acting = sizeOf(steps, 'begin') + sizeOf(steps, 'delete');
  const fuse = askFuse({ planned: acting, held }, run);
  const ended = await endedOf(begun, plan.due.filter(isNotAmong(objectedIn(steps))), run);
  return { ...planned, fuse, due, steps, ended };
}

const objectedIn = (steps: QuarantineSteps): readonly DueStudy[] =>
  (['release', 'stay'] as const).flatMap((step) => steps.get(step) ?? []);

function isNotAmong(
  studies: readonly { readonly id: string }[],
): (study: { readonly id: string }) => boolean {
  const ids = new Set(studies.map(({ id }) => id));
  return ({ id }) => !ids.has(id);
}

/** With those that were to be gone on with, and are not to be deleted any more. */
async function endedOf(
  { resumed, ended }: BegunBefore,
  due: readonly DueStudy[],
  run: Cleaning,
): Promise<readonly EndedDeletion[]> {
  const isGivenUp = isNotAmong(due);
  return [...ended, ...(await giveUp(new Map([...resumed].filter(([id]) => isGivenUp({ id }))), run))];
}

/** Does what was planned, unless it is too large, and records what was done, however it ends. */
export async function carryOut(
  { steps, ended: before, ...plan }: CleaningPlan,
  run: Cleaning,
): Promise<CleaningResult> {
  const tally = emptyTally();
  const result = { ...plan, deletion: tally, quarantine: { labelled: 0, waiting: 0, released: 0 } };
  if (run.isDryRun) return { ...result, preview: previewOf(steps) };
  if (run.signal.aborted) return result;
  const tallied = { ...run, tally };
  const ended = await failureOf(async () => {
    recordEnded(before, tallied);
    if (plan.fuse !== undefined) return;
    await deleteDue(await passQuarantine(steps, result.quarantine, tallied), tallied);
  });
  const unrecorded = await failureOf(() =>
    record(tally, run, ended === undefined && plan.fuse === undefined),
  );
  const failure = ended ?? unrecorded;
  return failure === undefined ? result : { ...result, failure };
}

/** What was done until then is told with it. */
async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Of what a run that a failure has ended did not come to, the failures of the one before still stand. */
function record(tally: DeletionTally, { memory }: Pick<Cleaning, 'memory'>, isWhole: boolean): void {
  memory.replaceFailures(tally.failures, (id) => !isWhole && !tally.concluded.has(id));
  recordTotals(tally, memory);
}

/** How many studies this run would act on is then known by their number: each is weighed by a request of its own. */
function needsNoWeighing(found: Plan['due'], { quarantine, memory, isDryRun }: Cleaning): boolean {
  const mayStay = ({ id, rule, isInQuarantine }: DueStudy) =>
    rule.isForFullDisk || isInQuarantine || memory.quarantineOf(id) !== undefined;
  return !isDryRun && quarantine.days === 0 && !found.some(mayStay);
}

interface Told {
  readonly due: readonly TalliedStudy[];
  readonly heldBack: Plan['heldBack'];
  readonly changedLately: Plan['changedLately'];
  readonly held: number;
}

function tell({ due, heldBack, changedLately, held }: Told, run: Cleaning) {
  const rules = tallyByRule(due);
  tellPlan({ due, rules, heldBack, changedLately, held }, run);
  return { rules, heldBack, plannedStudies: due.length, studiesInOrthanc: held };
}

function askFuse(question: FuseQuestion, { fuse, log, trail, isDryRun }: Cleaning): keyof Fuse | undefined {
  const blown = blownBy(question, fuse);
  if (blown === undefined) return undefined;
  const facts = { fuse: blown, ...question, ...fuse };
  log.error('fuse.blown', { ...facts, consequence: 'nothing is deleted' });
  if (!isDryRun) trail.write('fuse.blown', facts);
  return blown;
}

const sizeOf = (steps: QuarantineSteps, step: QuarantineStep): number => steps.get(step)?.length ?? 0;

const previewOf = (steps: QuarantineSteps): Preview => ({
  toDelete: sizeOf(steps, 'delete'),
  toQuarantine: sizeOf(steps, 'begin'),
  waiting: sizeOf(steps, 'wait') + sizeOf(steps, 'keep'),
  released: sizeOf(steps, 'release') + sizeOf(steps, 'stay'),
});
