import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { closeSteps } from './close-steps.ts';
import type { KnownStep } from './order-book.ts';
import { scheduledStep } from './scheduled-step.ts';
import { type StableStudy, stableStudies } from './stable-studies.ts';
import type { WorklistServer } from './worklist-server.ts';

const studiesAtOnce = 100;

const modalityOf = ({ attributes }: KnownStep): string => String(scheduledStep(attributes)['Modality'] ?? '');

/** Orthanc tells whole seconds. */
const secondMs = 1000;

/**
 * The open worklists of a study that its images have answered: the only step that there ever was; of several, those that
 * alone have a modality which the study has. Which of two steps of one modality was done, nobody can tell from the study;
 * and images that were there before a step was ordered do not answer it.
 */
function examinedSteps(all: readonly KnownStep[], study: StableStudy): readonly KnownStep[] {
  const { lastUpdate, modalities } = study;
  const isAnswered = ({ state, orderedAt }: KnownStep) =>
    state === 'open' && (lastUpdate === undefined || lastUpdate + secondMs > orderedAt);
  if (all.length < 2) return all.filter(isAnswered);
  const byModality = Map.groupBy(all, modalityOf);
  return modalities
    .map((modality) => byModality.get(modality) ?? [])
    .flatMap((steps) => (steps.length === 1 ? steps : []))
    .filter(isAnswered);
}

/** Also those that are closed: what is left of several is not the only one. */
const stepsOf = ({ book }: WorklistServer, { studyUid, patientId }: StableStudy): readonly KnownStep[] =>
  book
    .ofStudy(studyUid)
    .filter(({ identity }) => identity.patient?.id === patientId)
    .flatMap(({ id }) => book.steps(id));

/** Removes the worklists whose studies have become stable in Orthanc: of the same study UID, and the same patient. */
export async function removeExamined(
  server: WorklistServer,
  orthanc: Orthanc,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const { book, change } = server;
  let removed = 0;
  for (let after = ''; ;) {
    const uids = book.openStudies(after, studiesAtOnce);
    const last = uids.at(-1);
    if (last === undefined) return removed;
    const studies = await stableStudies(orthanc, uids, signal);
    await change(() => {
      // Read within the task: what a message changed a moment ago counts.
      const steps = studies.flatMap((study) => examinedSteps(stepsOf(server, study), study));
      removed += steps.length;
      return closeSteps(book, steps, nowMs);
    });
    after = last;
  }
}
