import { confirmReading } from '@orthanc-tools/copy-proof';
import { transientFailure } from '@orthanc-tools/failures';
import type { Claim, Settlement } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { instancesOf } from './arrival.ts';
import { deletionNoted, forgetDeletion } from './deletion-note.ts';
import { forgetNotes } from './sending-notes.ts';
import { type StudyContext, nothingKnownOf } from './study-context.ts';
import { readMark } from './study-mark.ts';
import { vanished, writeNote } from './study-note.ts';

/**
 * Answers for a study that the source does not know. Orthanc is believed that it has none such: it was deleted by a run
 * that did not live to say so, and then is migrated; or by others, and then has vanished. One that is on a list and that
 * nobody has ever seen there has not vanished.
 * @throws transient `STUDY_NOT_FOUND`
 */
export async function answerForGone(claim: Claim, hand: Hand, context: StudyContext): Promise<void> {
  const { source, orthanc, ledger } = context;
  const { key, mark } = claim;
  if (source !== undefined)
    throw transientFailure('STUDY_NOT_FOUND', `The modality ${source.alias} does not know the study.`);
  await confirmReading(orthanc);
  const wasSeen = mark !== '' || ledger.remembered(key, { limit: 1 }).length > 0;
  if (!wasSeen || (await instancesOf(orthanc, key, hand.signal)).length > 0)
    throw transientFailure('STUDY_NOT_FOUND', 'Orthanc does not know the study.');
  const proved = deletionNoted(key, ledger);
  // Without a mark, so that one that comes back is looked at, however much it looks like the one that has gone.
  hand.settle(claim, { ...(proved ? { ...proved, outcome: 'deleted' } : vanishedAs(mark)), mark: '' });
  forgetNotes(key, ledger);
  forgetDeletion(key, ledger);
  if (proved === undefined) tellVanished(claim, context);
  else tellDeleted(claim, proved.proof, context);
}

const vanishedAs = (mark: string): Settlement => ({
  ...{ outcome: vanished, proof: '', parts: 0, bytes: 0 },
  note: writeNote(readMark(mark), { proved: 0, exceptions: [] }),
});

function tellVanished({ key, attempt, mark }: Claim, { log, metrics, totals, errorLog }: StudyContext): void {
  totals.vanishedStudies += 1;
  log.warn('study.vanished', { study: key, attempt });
  metrics.countItem(vanished);
  errorLog?.({ ...nothingKnownOf(key), date: readMark(mark).date });
}

function tellDeleted({ key, attempt }: Claim, proof: string, { log, metrics, totals }: StudyContext): void {
  totals.studies += 1;
  log.info('study.verified', { study: key, attempt, moved: 0, proof, wasDeleted: true });
  metrics.countItem('verified');
}
