import { type ListedStudy, type StudyPatient, momentIn } from '@orthanc-tools/orthanc-client';
import { quarantineLabels } from '../quarantine/quarantine-state.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import type { BegunNote } from '../run/cleaner-memory.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { type Plan, planCleaning } from './plan-cleaning.ts';
import { queriesOf, tellsOf } from './queries-of.ts';
import { readArrival } from './read-arrival.ts';
import { sideBySide } from '../run/side-by-side.ts';

interface Reading extends Pick<
  Cleaning,
  'orthanc' | 'judge' | 'moment' | 'quarantine' | 'memory' | 'signal' | 'health'
> {
  /** Deletions that were broken off and are to be brought to their end, by Orthanc's identifiers of studies. */
  readonly begun: ReadonlyMap<string, BegunNote>;
}

/** Nothing is asked of Orthanc for longer than so, as far as `/health/live` goes. */
const turnMs = 5 * 60_000;

/** Reads what the rules may speak of, page by page, and decides of each study. Holds only what is due. */
export async function readPlan(
  run: Omit<Reading, 'begun'>,
  begun: ReadonlyMap<string, BegunNote>,
): Promise<Plan> {
  const reading = { ...run, begun };
  const { orthanc, judge, moment, signal, health } = reading;
  const planner = planCleaning(judge, moment.timeZone);
  const asked = new Map<string, boolean>();
  const queries = queriesOf(judge, moment);
  for (const [index, query] of queries.entries())
    for await (const page of orthanc.studies.list({ ...query, signal })) {
      health.listeners.onTurn(turnMs);
      const studies = await sideBySide(page, (listed) => completed(listed, reading));
      const protection = await protectionOf(studies, asked, reading);
      for (const study of studies) {
        // Each is counted once, without keeping in mind which were told.
        if (queries.slice(0, index).some((earlier) => tellsOf(earlier, study))) continue;
        planner.take({ ...study, isProtected: protection.get(study.patient) ?? false });
      }
    }
  return planner.finish();
}

/** As the rules see it, with its arrival where that may decide. */
async function completed(listed: ListedStudy, reading: Reading): Promise<KnownStudy> {
  const { judge, orthanc, quarantine, memory, begun, signal } = reading;
  const told = toKnown(listed, quarantineLabels(memory.quarantineOf(listed.id), quarantine));
  const ours = begun.get(told.id);
  // A deletion that was broken off goes on: it is itself what was updated last.
  const study = ours ? { ...told, lastUpdate: ours.lastUpdate, updateAfterOurs: told.lastUpdate } : told;
  if (!judge.needsArrival(study)) return study;
  return { ...study, arrival: await readArrival(orthanc, study.id, signal) };
}

/** @param own labels of our own, which say nothing of the study but that it is in quarantine */
export function toKnown(listed: ListedStudy, own: readonly string[]): KnownStudy {
  const { id, patientId: patient, labels, modalities, lastUpdate, tags } = listed;
  const tag = (name: string) => tags[name]?.trim() ?? '';
  return {
    id,
    patient,
    uid: tag('StudyInstanceUID'),
    patientId: tag('PatientID'),
    labels: labels.filter((label) => !own.includes(label)),
    isInQuarantine: labels.some((label) => own.includes(label)),
    modalities,
    accession: tag('AccessionNumber'),
    description: tag('StudyDescription'),
    institution: tag('InstitutionName'),
    studyDate: tag('StudyDate'),
    studyTime: tag('StudyTime'),
    lastUpdate: momentIn(lastUpdate),
    isProtected: false,
  };
}

/** Only of patients of whom something would be due. One that is gone meanwhile counts as protected. */
async function protectionOf(
  studies: readonly KnownStudy[],
  asked: Map<string, boolean>,
  { orthanc, judge, signal }: Reading,
): Promise<ReadonlyMap<string, boolean>> {
  const due = studies.filter((study) => judge.judge(study).is !== 'not due');
  const patients = patientsOf(due).filter(({ id }) => !asked.has(id));
  const told = await orthanc.patients.protectionOf(patients, signal);
  for (const { id } of patients) asked.set(id, told.get(id) ?? true);
  return asked;
}

/** Each once. */
export const patientsOf = (studies: readonly KnownStudy[]): StudyPatient[] => [
  ...new Map(studies.map(({ patient: id, patientId }) => [id, { id, patientId }])).values(),
];
