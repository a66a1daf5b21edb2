import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import type { RunOutcome } from '@orthanc-tools/tool-runtime';
import { attentionOf } from './attention.ts';
import type { CleaningResult } from './clean-once.ts';

/** What the last line and the report say of a run. */
export function outcomeOf(result: CleaningResult, isInterrupted: boolean): RunOutcome {
  const { deletion, rules, heldBack, failure } = result;
  const attention = attentionOf(result);
  return {
    exitCode: exitCodeFor(attention, isInterrupted),
    ...(attention !== undefined && { attention }),
    ...(failure !== undefined && { failure }),
    summary: summaryOf(result),
    report: {
      rules,
      heldBack: Object.fromEntries(heldBack),
      left: Object.fromEntries(deletion.left),
      failures: Array.from(deletion.failures, ([study, note]) => ({ study, ...note })),
    },
  };
}

function summaryOf(result: CleaningResult): RunOutcome['summary'] {
  const { deletion, quarantine, plannedStudies, heldStudies, fuse } = result;
  return {
    plannedStudies,
    heldStudies,
    deletedStudies: deletion.deletedStudies,
    deletedInstances: deletion.deletedInstances,
    deletedBytes: deletion.deletedBytes,
    leftStudies: [...deletion.left.values()].reduce((sum, count) => sum + count, 0),
    failedStudies: deletion.failures.size,
    ...(deletion.tornStudies > 0 && { tornStudies: deletion.tornStudies }),
    vanishedStudies: deletion.vanishedStudies,
    untouchedStudies: deletion.untouchedStudies,
    quarantinedStudies: quarantine.labelled,
    waitingStudies: quarantine.waiting,
    releasedStudies: quarantine.released,
    ...(fuse !== undefined && { fuse }),
    ...(deletion.endedBy !== undefined && { endedBy: deletion.endedBy }),
  };
}

/** A study that is left because it has changed is as it should be; one that could not be deleted is not. */
function exitCodeFor(attention: string | undefined, isInterrupted: boolean): ExitCode {
  if (isInterrupted) return exitCodes.interrupted;
  return attention === undefined ? exitCodes.done : exitCodes.setAside;
}
