import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { type TalliedRun, hasToEnd, orEnd } from '../run/end-early.ts';
import type { QuarantineNote } from './quarantine-state.ts';
import { unlessFailed } from './unless-failed.ts';

/** So many studies are asked about by one question. */
const askedAtOnce = 100;

const event = 'study.not_freed';

/**
 * Takes the label from studies that are not due any more, and forgets those that are gone. Where somebody took it off
 * before, that is kept in mind: the study may become due again.
 */
export async function freeOthers(due: readonly WeighedStudy[], run: TalliedRun): Promise<void> {
  const areDue = new Set(due.map(({ id }) => id));
  const others = run.memory.quarantined().filter(([id]) => !areDue.has(id));
  for (let at = 0; at < others.length; at += askedAtOnce) {
    if (run.signal.aborted || run.tally.endedBy !== undefined) return;
    const some = others.slice(at, at + askedAtOnce);
    const ids = some.map(([id]) => id);
    const found = await unlessFailed({ ids, event }, run, () =>
      orEnd(run, ({ signal }) => run.orthanc.resources.facts('Study', ids, signal)),
    );
    if (found === undefined) continue;
    const labels = new Map(found.map((study) => [study.id, study.labels]));
    for (const [id, note] of some) await freeOther({ id, note, labels: labels.get(id) }, run);
  }
}

interface Other {
  readonly id: string;
  readonly note: QuarantineNote;
  /** Undefined where Orthanc does not know it any more. */
  readonly labels: readonly string[] | undefined;
}

async function freeOther({ id, note, labels }: Other, run: TalliedRun): Promise<void> {
  const { orthanc, memory, log, quarantine } = run;
  const { label = quarantine.label } = note;
  if (labels === undefined) memory.forgetQuarantine(id);
  else if (note.isReleased) return;
  else if (!labels.includes(label)) {
    memory.noteQuarantine(id, { ...note, isReleased: true, label });
    log.info('study.released', { study: id, consequence: 'kept' });
  } else if (!hasToEnd(run)) {
    const isFree = await unlessFailed({ ids: [id], event }, run, async () => {
      await orthanc.labels.remove({ level: 'studies', id }, label);
      return true;
    });
    if (isFree !== true) return;
    memory.forgetQuarantine(id);
    log.info('study.not_due_any_more', { study: id, consequence: 'kept' });
  }
}
