import { dateOf, dayOf } from '../calendar.ts';
import { catalogue, usualModalities } from '../iods/catalogue.ts';
import type { Iod } from '../iods/iod.ts';
import { randomStream } from '../random-stream.ts';
import type { RandomStream } from '../random-stream.ts';
import { usualStudyDates } from './request.ts';
import type { ArchiveRequest } from './request.ts';

/** What of a study bears on its patient: of whom such images are made, and when. */
export interface Visit {
  readonly iod: Iod;
  readonly date: string;
  /** From which the rest of the study is drawn. */
  readonly random: RandomStream;
}

/** Studies are dealt to patients in blocks of this size, so that a study's patient follows from its index alone. */
const blockSize = 12;

const countOfVisits = (random: RandomStream): number =>
  random.pickWeighted([
    { weight: 50, visits: 1 },
    { weight: 25, visits: 2 },
    { weight: 15, visits: 3 },
    { weight: 10, visits: 6 },
  ]).visits;

/** The patients of a block's studies, counted within the block. */
const dealt = (seed: string | number, block: number): number[] => {
  const random = randomStream(seed, 'visits', block);
  const patients: number[] = [];
  for (let patient = 0; patients.length < blockSize; patient += 1)
    patients.push(...Array<number>(countOfVisits(random)).fill(patient));
  return patients.slice(0, blockSize);
};

/** A number for the patient to whom the study belongs. */
export const patientNumberOf = (seed: string | number, studyIndex: number): number => {
  const block = Math.floor(studyIndex / blockSize);
  return block * blockSize + (dealt(seed, block)[studyIndex % blockSize] ?? 0);
};

const iodsOf = (request: ArchiveRequest): readonly Iod[] => {
  const modalities = request.modalities ?? usualModalities;
  const iods = catalogue.filter(({ modality }) => modalities.includes(modality));
  if (iods.length === 0)
    throw new RangeError(`none of these modalities can be made: ${modalities.join(', ')}`);
  return iods;
};

/** Nobody lives through the whole of a longer range: each patient has one of its parts. */
const longestDays = 30 * 366;

const daysOf = (request: ArchiveRequest, patientNumber: number): readonly [from: number, to: number] => {
  const { from, to } = request.studyDates ?? usualStudyDates;
  const [first, days] = [dayOf(from), dayOf(to) - dayOf(from) + 1];
  const parts = Math.ceil(days / longestDays);
  const part = parts > 1 ? randomStream(request.seed, 'years', patientNumber).integer(1, parts) : 1;
  const beginOf = (number: number): number => first + Math.floor(((number - 1) * days) / parts);
  return [beginOf(part), beginOf(part + 1) - 1];
};

const drawVisit = (request: ArchiveRequest, index: number, patientNumber: number): Visit => {
  const random = randomStream(request.seed, 'study', index);
  const iod = random.pickWeighted(iodsOf(request));
  return { iod, date: dateOf(random.integer(...daysOf(request, patientNumber))), random };
};

export const visitOf = (request: ArchiveRequest, index: number): Visit =>
  drawVisit(request, index, patientNumberOf(request.seed, index));

/** All of them, whichever of them are made. */
export const visitsOf = (request: ArchiveRequest, patientNumber: number): Visit[] => {
  const block = Math.floor(patientNumber / blockSize);
  return dealt(request.seed, block).flatMap((patient, at) =>
    patient === patientNumber % blockSize ? [drawVisit(request, block * blockSize + at, patientNumber)] : [],
  );
};
