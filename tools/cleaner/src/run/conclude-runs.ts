import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import { digits } from '@orthanc-tools/server-examination';
import type { RunOutcome } from '@orthanc-tools/tool-runtime';
import { attentionOf } from './attention.ts';
import type { CleaningResult, Preview } from './clean-once.ts';

/** What the last line and the report say of a run. */
export function outcomeOf(result: CleaningResult, isInterrupted: boolean): RunOutcome {
  const { deletion, rules, heldBack, failure, preview } = result;
  const attention = attentionOf(result);
  return {
    exitCode: exitCodeFor(attention, isInterrupted),
    ...(attention !== undefined && { attention }),
    ...(preview !== undefined && { done: toldPreview(preview) }),
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

function toldPreview({ toDelete, toQuarantine, waiting, released }: Preview): string {
  const parts = [
    `${digits(toDelete)} ${toDelete === 1 ? 'study' : 'studies'} would be deleted`,
    `${digits(toQuarantine)} put into quarantine`,
    `${digits(waiting)} ${waiting === 1 ? 'stays' : 'stay'} in quarantine`,
    `${digits(released)} ${released === 1 ? 'is kept, as its label was' : 'are kept, as their labels were'} taken off`,
  ];
  return `Dry run, nothing was changed: ${parts.join(', ')}.`;
}

function summaryOf(result: CleaningResult): RunOutcome['summary'] {
  const { deletion, quarantine, plannedStudies, studiesInOrthanc, fuse, preview } = result;
  if (preview !== undefined)
    return {
      dryRun: true,
      plannedStudies,
      studiesInOrthanc,
      studiesToDelete: preview.toDelete,
      studiesToQuarantine: preview.toQuarantine,
      waitingStudies: preview.waiting,
      releasedStudies: preview.released,
      ...(fuse !== undefined && { fuse }),
    };
  return {
    plannedStudies,
    studiesInOrthanc,
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
