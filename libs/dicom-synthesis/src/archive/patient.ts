import { hash } from 'node:crypto';
import { dateOf, dayOf } from '../calendar.ts';
import { personName } from '../people/person-name.ts';
import type { Sex } from '../people/person-name.ts';
import { scripts } from '../people/scripts.ts';
import type { ScriptNames } from '../people/scripts.ts';
import { randomStream } from '../random-stream.ts';
import type { RandomStream } from '../random-stream.ts';
import { usualStudyDates } from './request.ts';
import type { ArchiveRequest } from './request.ts';

export interface SyntheticPatient {
  readonly patientId: string;
  /** With all component groups, as PatientName holds it. */
  readonly name: string;
  readonly birthDate: string;
  readonly sex: Sex;
  readonly names: ScriptNames;
}

/** Studies are dealt to patients in blocks of this size, so that a study's patient follows from its index alone. */
const blockSize = 12;

const visitsOf = (random: RandomStream): number =>
  random.pickWeighted([
    { weight: 50, visits: 1 },
    { weight: 25, visits: 2 },
    { weight: 15, visits: 3 },
    { weight: 10, visits: 6 },
  ]).visits;

/** A number for the patient to whom the study belongs. */
export const patientNumberOf = (seed: string | number, studyIndex: number): number => {
  const block = Math.floor(studyIndex / blockSize);
  const random = randomStream(seed, 'visits', block);
  let patient = 0;
  for (let dealt = visitsOf(random); dealt <= studyIndex % blockSize; dealt += visitsOf(random)) patient += 1;
  return block * blockSize + patient;
};

const ageInDays = (random: RandomStream): number => {
  const range = random.pickWeighted([
    { weight: 6, from: 0, to: 15 },
    { weight: 24, from: 16, to: 44 },
    { weight: 45, from: 45, to: 74 },
    { weight: 25, from: 75, to: 97 },
  ]);
  return Math.floor((random.integer(range.from, range.to) + 1) * 365.25) - random.integer(1, 364);
};

const scriptsOf = (request: ArchiveRequest): readonly ScriptNames[] =>
  scripts.filter(({ script }) => request.scripts?.includes(script) ?? true);

export const synthesizePatient = (request: ArchiveRequest, patientNumber: number): SyntheticPatient => {
  const random = randomStream(request.seed, 'patient', patientNumber);
  const archive = hash('sha256', JSON.stringify([request.seed, 'archive']))
    .slice(0, 6)
    .toUpperCase();
  const names = random.pickWeighted(scriptsOf(request));
  const sex = random.pick<Sex>(['F', 'M']);
  const firstDay = dayOf((request.studyDates ?? usualStudyDates).from);
  return {
    patientId: `${archive}-${String(patientNumber + 1).padStart(7, '0')}`,
    name: personName(random, names, sex),
    birthDate: dateOf(firstDay - ageInDays(random)),
    sex,
    names,
  };
};
