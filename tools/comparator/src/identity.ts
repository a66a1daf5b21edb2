import type { Tags } from './attributes.ts';
import { mayBeSameText } from './may-be-same-text.ts';

/** Asked for on both sides, to tell whether they speak of the same person. */
export const identityKeys = ['PatientID', 'PatientName', 'PatientBirthDate'] as const;

/** What contradicts between two records under one PatientID; never the values, which are patient data. */
export type Contradiction = 'name' | 'birth date';

/**
 * What two sides say of the same PatientID and what cannot be said of one person. What one side does not tell contradicts
 * nothing, and capitals and empty components of a name mean nothing. Pure.
 */
export function contradictions(here: Tags, there: Tags): Contradiction[] {
  const [id, otherId] = [here['PatientID']?.trim() ?? '', there['PatientID']?.trim() ?? ''];
  if (id === '' || id !== otherId) return [];
  const [name, otherName] = [nameIn(here), nameIn(there)];
  const [birth, otherBirth] = [birthIn(here), birthIn(there)];
  return [
    ...(name !== '' && otherName !== '' && !mayBeSameText(name, otherName) ? (['name'] as const) : []),
    ...(birth !== '' && otherBirth !== '' && birth !== otherBirth ? (['birth date'] as const) : []),
  ];
}

const prefixAt = 3;

/** The alphabetic form, as others are told by some and not by others; without titles, carets or blanks alike. */
const nameIn = (tags: Tags): string =>
  (tags['PatientName']?.split('=')[0] ?? '')
    .normalize('NFC')
    // Others may become letters of another kind: the capital of ı is I.
    .replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
    .split('^')
    .filter((_, at) => at !== prefixAt)
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const birthIn = (tags: Tags): string => (tags['PatientBirthDate'] ?? '').replaceAll(/\D/g, '');
