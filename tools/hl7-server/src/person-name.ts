import type { Repetition } from '@orthanc-tools/hl7-messages';
import { nameGroup } from './dicom-text.ts';
import { componentText, textAt } from './field-path.ts';

/** How a sender orders prefix and suffix: by HL7, or already as DICOM does. */
export type NameOrder = 'hl7' | 'dicom';

/** Family, given, middle, prefix, suffix. XPN has suffix before prefix, and a degree behind them. */
function groupOf(repetition: Repetition, order: NameOrder): string {
  const at = (component: number) => textAt(repetition, component);
  if (order === 'dicom') return nameGroup([1, 2, 3, 4, 5].map(at));
  const suffix = [at(4), at(6)].filter((text) => text !== '').join(' ');
  return nameGroup([at(1), at(2), at(3), at(5), suffix]);
}

type Group = 'alphabetic' | 'ideographic' | 'phonetic';

const byCode: Readonly<Record<string, Group>> = { A: 'alphabetic', I: 'ideographic', P: 'phonetic' };

function groupByScript(name: string): Group {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name) && !/\p{Script=Han}/u.test(name))
    return 'phonetic';
  return /[\p{Script=Han}\p{Script=Hangul}]/u.test(name) ? 'ideographic' : 'alphabetic';
}

/** The representation that XPN-8 tells, else, among several repetitions, the script. */
const groupFor = (repetition: Repetition, name: string, isAlone: boolean): Group =>
  byCode[textAt(repetition, 8).toUpperCase()] ?? (isAlone ? 'alphabetic' : groupByScript(name));

const isLegal = (repetition: Repetition): boolean => textAt(repetition, 7).toUpperCase() === 'L';

/** A patient's name (XPN) with all its representations, as DICOM writes them: alphabetic=ideographic=phonetic. */
export function personName(repetitions: readonly Repetition[], order: NameOrder): string {
  const legalFirst = [...repetitions].sort((a, b) => Number(isLegal(b)) - Number(isLegal(a)));
  const groups: Partial<Record<Group, string>> = {};
  for (const repetition of legalFirst) {
    const name = groupOf(repetition, order);
    if (name !== '') groups[groupFor(repetition, name, repetitions.length === 1)] ??= name;
  }
  const { alphabetic = '', ideographic = '', phonetic = '' } = groups;
  return [alphabetic, ideographic, phonetic].join('=').replace(/=+$/, '');
}

/** A name with an identifier before it (XCN). The identifier alone is a name only when it is no number. */
export function physicianName(repetition: Repetition): string {
  const at = (component: number) => textAt(repetition, component);
  const suffix = [at(5), at(7)].filter((text) => text !== '').join(' ');
  const name = nameGroup([at(2), at(3), at(4), at(6), suffix]);
  if (name !== '') return name;
  return /\d/.test(at(1)) ? '' : nameGroup([at(1)]);
}

/** The name within NDL: identifier, family, given, … as sub-components of the first component, or a plain XCN. */
export function performerName(repetition: Repetition): string {
  const [first = []] = repetition;
  if (first.length < 2) return physicianName(repetition);
  return physicianName(first.map((_, at) => [componentText(first, at + 1)]));
}
