import { uidFromHash } from '@orthanc-tools/dicom-files';
import { ageAt, dateOf, dayOf } from '../calendar.ts';
import { catalogue, usualModalities } from '../iods/catalogue.ts';
import type { Iod, Protocol } from '../iods/iod.ts';
import { physicianName } from '../people/person-name.ts';
import { randomStream } from '../random-stream.ts';
import type { RandomStream } from '../random-stream.ts';
import { patientNumberOf, synthesizePatient } from './patient.ts';
import type { SyntheticPatient } from './patient.ts';
import { usualStudyDates } from './request.ts';
import type { ArchiveRequest, CountRange } from './request.ts';

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

const iodsOf = (request: ArchiveRequest): readonly Iod[] => {
  const modalities = request.modalities ?? usualModalities;
  const iods = catalogue.filter(({ modality }) => modalities.includes(modality));
  if (iods.length === 0)
    throw new RangeError(`none of these modalities can be made: ${modalities.join(', ')}`);
  return iods;
};

const dayBetween = (random: RandomStream, { from, to }: { from: string; to: string }): string =>
  dateOf(random.integer(dayOf(from), dayOf(to)));

export const planStudy = (request: ArchiveRequest, index: number): StudyPlan => {
  const random = randomStream(request.seed, 'study', index);
  const patient = synthesizePatient(request, patientNumberOf(request.seed, index));
  const iod = random.pickWeighted(iodsOf(request));
  const date = dayBetween(random, request.studyDates ?? usualStudyDates);
  return {
    request,
    index,
    patient,
    iod,
    protocol: random.pickWeighted(iod.protocols),
    studyInstanceUid: uidFromHash(request.seed, 'study', index),
    studyId: String(index + 1),
    accessionNumber: `A${String(index + 1).padStart(9, '0')}`,
    date,
    begin: random.integer(7 * 60, 19 * 60) * minuteMs + random.integer(0, 59) * 1000,
    age: ageAt(patient.birthDate, date),
    referringPhysician: physicianName(random, patient.names),
    performingPhysician: physicianName(random, patient.names),
    hospital: random.pick(patient.names.hospitals),
    series: countIn(random, request.seriesPerStudy, iod.usualSeries),
  };
};
