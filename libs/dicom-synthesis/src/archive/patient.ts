import { hash } from 'node:crypto';
import { dateOf, dayOf } from '../calendar.ts';
import type { Iod } from '../iods/iod.ts';
import { personName } from '../people/person-name.ts';
import type { Sex } from '../people/person-name.ts';
import { scripts } from '../people/scripts.ts';
import type { ScriptNames } from '../people/scripts.ts';
import { randomStream } from '../random-stream.ts';
import type { RandomStream } from '../random-stream.ts';
import type { ArchiveRequest } from './request.ts';
import { visitsOf } from './visits.ts';
import type { Visit } from './visits.ts';

export interface SyntheticPatient {
  readonly patientId: string;
  /** With all component groups, as PatientName holds it. */
  readonly name: string;
  readonly birthDate: string;
  readonly sex: Sex;
  readonly names: ScriptNames;
}

/** Of 100 years. */
const oldestDays = 36_525;

const usualAges = [
  { weight: 6, from: 0, to: 15 },
  { weight: 24, from: 16, to: 44 },
  { weight: 45, from: 45, to: 74 },
  { weight: 25, from: 75, to: 97 },
];

const ageInDays = (random: RandomStream, whom: Iod['patients']): number => {
  const range = whom ?? random.pickWeighted(usualAges);
  return Math.floor((random.integer(range.from, range.to) + 1) * 365.25) - random.integer(1, 364);
};

/** What begins all numbers of an archive that people read: another seed has others. */
export const archiveOf = (seed: string | number): string =>
  hash('sha256', JSON.stringify([seed, 'archive']))
    .slice(0, 6)
    .toUpperCase();

/** So that the patient has the drawn age at the first visit, and is not older than people become at the last. */
const birthDateOf = (visits: readonly Visit[], age: number): string => {
  const days = visits.map(({ date }) => dayOf(date));
  const first = Math.min(...days);
  return dateOf(first - Math.min(age, oldestDays - (Math.max(...days) - first)));
};

const scriptsOf = (request: ArchiveRequest): readonly ScriptNames[] =>
  scripts.filter(({ script }) => request.scripts?.includes(script) ?? true);

export const synthesizePatient = (request: ArchiveRequest, patientNumber: number): SyntheticPatient => {
  const random = randomStream(request.seed, 'patient', patientNumber);
  const names = random.pickWeighted(scriptsOf(request));
  const visits = visitsOf(request, patientNumber);
  const whom = visits.find(({ iod }) => iod.patients !== undefined)?.iod.patients;
  const drawn = random.pick<Sex>(['F', 'M']);
  const sex = whom?.sex ?? drawn;
  return {
    patientId: `${archiveOf(request.seed)}-${String(patientNumber + 1).padStart(7, '0')}`,
    name: personName(random, names, sex),
    birthDate: birthDateOf(visits, ageInDays(random, whom)),
    sex,
    names,
  };
};
