import { uidFromHash } from '@orthanc-tools/dicom-files';
import { ageAt } from '../calendar.ts';
import type { Iod, Protocol } from '../iods/iod.ts';
import { physicianName } from '../people/person-name.ts';
import type { RandomStream } from '../random-stream.ts';
import { archiveOf, synthesizePatient } from './patient.ts';
import type { SyntheticPatient } from './patient.ts';
import type { ArchiveRequest, CountRange } from './request.ts';
import { patientNumberOf, visitOf } from './visits.ts';

/** What is decided once for a study; its series are derived from it. */
export interface StudyPlan {
  readonly request: ArchiveRequest;
  readonly index: number;
  readonly patient: SyntheticPatient;
  readonly iod: Iod;
  readonly protocol: Protocol;
  readonly studyInstanceUid: string;
  readonly studyId: string;
  readonly accessionNumber: string;
  readonly date: string;
  /** Milliseconds since midnight. */
  readonly begin: number;
  readonly age: string;
  readonly referringPhysician: string;
  readonly performingPhysician: string;
  readonly hospital: string;
  readonly series: number;
}

const minuteMs = 60_000;

export const countIn = (
  random: RandomStream,
  asked: number | CountRange | undefined,
  usual: CountRange,
): number => {
  if (typeof asked === 'number') return asked;
  const { from, to } = asked ?? usual;
  return random.integer(from, to);
};

export const planStudy = (request: ArchiveRequest, index: number): StudyPlan => {
  const { iod, date, random } = visitOf(request, index);
  const archive = archiveOf(request.seed);
  const patient = synthesizePatient(request, patientNumberOf(request.seed, index));
  return {
    request,
    index,
    patient,
    iod,
    protocol: random.pickWeighted(iod.protocols),
    studyInstanceUid: uidFromHash(request.seed, 'study', index),
    // At most 16 characters each.
    studyId: `${archive}-${String(index + 1)}`,
    accessionNumber: `${archive}${String(index + 1).padStart(9, '0')}`,
    date,
    begin: random.integer(7 * 60, 19 * 60) * minuteMs + random.integer(0, 59) * 1000,
    age: ageAt(patient.birthDate, date),
    referringPhysician: physicianName(random, patient.names),
    performingPhysician: physicianName(random, patient.names),
    hospital: random.pick(patient.names.hospitals),
    series: countIn(random, request.seriesPerStudy, iod.usualSeries),
  };
};
