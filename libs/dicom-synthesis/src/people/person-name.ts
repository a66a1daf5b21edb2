import type { RandomStream } from '../random-stream.ts';
import type { NameForms, ScriptNames } from './scripts.ts';

export type Sex = 'F' | 'M';

const pair = (family: NameForms, given: NameForms, title: string): string =>
  family.map((form, at) => `${form}^${given[at] ?? ''}${at === 0 ? title : ''}`).join('=');

/** A Person Name with the component groups of its script, such as `Yamada^Tarou=山田^太郎=やまだ^たろう`. */
export const personName = (random: RandomStream, names: ScriptNames, sex: Sex): string =>
  pair(random.pick(names.families), random.pick(sex === 'F' ? names.givenF : names.givenM), '');

export const physicianName = (random: RandomStream, names: ScriptNames): string => {
  const given = random.pick(random.integer(0, 1) === 0 ? names.givenF : names.givenM);
  return pair(random.pick(names.families), given, names.script === 'latin' ? '^^Dr.' : '');
};
