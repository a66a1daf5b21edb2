import { type DeletionTally, emptyTally } from '../delete/deletion-tally.ts';
import { deleteDue } from '../delete/delete-due.ts';
import { resumeBegun } from '../delete/resume-begun.ts';
import { type Fuse, type FuseQuestion, blownBy } from '../plan/fuse.ts';
import { type Plan, withoutFresh } from '../plan/plan-cleaning.ts';
import { readPlan } from '../plan/read-studies.ts';
import {
  type RuleTally,
  type TalliedStudy,
  type WeighedStudy,
  tallyByRule,
  trimToDisk,
} from '../plan/weigh-plan.ts';
import { weighDue } from '../plan/weigh-due.ts';
import { type QuarantineSteps, passQuarantine, quarantineSteps } from '../quarantine/quarantine.ts';
import { checkClocks } from './check-clocks.ts';
import type { Cleaning } from './cleaning.ts';
import { tellPlan } from './tell-plan.ts';

/** How one run ended. */
export interface CleaningResult {
  readonly rules: readonly RuleTally[];
  readonly heldBack: Plan['heldBack'];
  readonly plannedStudies: number;
  readonly heldStudies: number;
  /** The fuse that was blown: nothing was deleted. */
  readonly fuse: keyof Fuse | undefined;
  readonly deletion: DeletionTally;
  readonly quarantine: { readonly labelled: number; readonly waiting: number; readonly released: number };
}

const noQuarantine = { labelled: 0, waiting: 0, released: 0 };

const nothingDone = () => ({ deletion: emptyTally(), quarantine: noQuarantine });

/**
 * Plans, records the plan, and carries it out, unless it is too large.
 * @throws configuration `CLOCKS_DIFFER`, and whatever keeps Orthanc from being asked
 */
export async function cleanOnce(run: Cleaning): Promise<CleaningResult> {
  const { orthanc, elsewhere, signal, clock, isDryRun } = run;
  const startedAt = await checkClocks(orthanc, clock);
  await elsewhere?.probe(signal);
  await resumeBegun(run);
  const { studies: held, diskSize } = await orthanc.statistics(signal);
  const { due: found, heldBack } = withoutFresh(await readPlan(run), startedAt);
  if (needsNoWeighing(found, run) && blownBy({ planned: found.length, held }, run.fuse) !== undefined) {
    const planned = tell({ due: found, heldBack, held }, run);
    return { ...planned, fuse: askFuse({ planned: found.length, held }, run), ...nothingDone() };
  }
  const toFree = run.disk === undefined ? 0 : Math.max(0, diskSize - run.disk.low);
  const due = trimToDisk(await weighDue(found, run), toFree);
  const planned = tell({ due, heldBack, held }, run);
  const steps = run.quarantine && quarantineSteps(due, run.quarantine, run);
  // What only waits for its time, or was taken out of it, changes nothing today.
  const acting = steps === undefined ? due.length : sizeOf(steps, 'begin') + sizeOf(steps, 'delete');
  const fuse = askFuse({ planned: acting, held }, run);
  if (isDryRun || fuse !== undefined || signal.aborted) return { ...planned, fuse, ...nothingDone() };
  return { ...planned, fuse, ...(await carryOut(due, steps, run)) };
}

/** How many studies this run would act on is then known by their number: each is weighed by a request of its own. */
function needsNoWeighing(found: Plan['due'], { quarantine, isDryRun }: Cleaning): boolean {
  return !isDryRun && quarantine === undefined && !found.some(({ rule }) => rule.isForFullDisk);
}

interface Told {
  readonly due: readonly TalliedStudy[];
  readonly heldBack: Plan['heldBack'];
  readonly held: number;
}

function tell({ due, heldBack, held }: Told, run: Cleaning) {
  const rules = tallyByRule(due);
  tellPlan({ due, rules, heldBack, held }, run);
  return { rules, heldBack, plannedStudies: due.length, heldStudies: held };
}

function askFuse(question: FuseQuestion, { fuse, log, trail, isDryRun }: Cleaning): keyof Fuse | undefined {
  const blown = blownBy(question, fuse);
  if (blown === undefined) return undefined;
  const facts = { fuse: blown, ...question, ...fuse };
  log.error('fuse.blown', { ...facts, consequence: 'nothing is deleted' });
  if (!isDryRun) trail.write('fuse.blown', facts);
  return blown;
}

const sizeOf = (steps: QuarantineSteps, step: 'begin' | 'delete'): number => steps.get(step)?.length ?? 0;

async function carryOut(
  due: readonly WeighedStudy[],
  steps: QuarantineSteps | undefined,
  run: Cleaning,
): Promise<Pick<CleaningResult, 'deletion' | 'quarantine'>> {
  const { quarantine, memory } = run;
  const passed =
    quarantine === undefined || steps === undefined
      ? { deletable: due, counts: noQuarantine }
      : await passQuarantine(steps, quarantine, run);
  const deletion = await deleteDue(passed.deletable, run);
  memory.replaceFailures(deletion.failures);
  memory.addTotals({
    studies: deletion.deletedStudies,
    instances: deletion.deletedInstances,
    bytes: deletion.deletedBytes,
  });
  return { deletion, quarantine: passed.counts };
}
