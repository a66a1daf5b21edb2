import { type PatientAttribute, differingIdentities, patientIdentity } from '@orthanc-tools/copy-proof';
import type { Tags, ToldTags } from './attributes.ts';
import { mayBeSameText } from './may-be-same-text.ts';

/** Asked for on both sides, to tell whether they speak of the same person. */
export const identityKeys = ['PatientID', 'PatientName', 'PatientBirthDate'] as const;

/** In what two records contradict each other; never the values, which are patient data. */
export type Contradiction = 'PatientID' | PatientAttribute;

/**
 * What two sides say of one study, or of one PatientID, and what cannot be said of one person. What one side does not
 * tell contradicts nothing, but no PatientID is another one where both tell all; and under two PatientIDs nothing else is
 * compared. Pure.
 */
export function contradictions({ here, there, tellsAll }: ToldTags): Contradiction[] {
  const [id, otherId] = [patientIdIn(here), patientIdIn(there)];
  if (id === '' || otherId === '') return tellsAll && id !== otherId ? ['PatientID'] : [];
  if (id !== otherId) return !tellsAll && mayBeSameText(id, otherId) ? [] : ['PatientID'];
  if (tellsAll) return differingIdentities([here, there].map(identityIn));
  const [name, otherName] = [nameIn(here), nameIn(there)];
  const [birth, otherBirth] = [birthIn(here), birthIn(there)];
  return [
    ...(name !== '' && otherName !== '' && !mayBeSameName(name, otherName) ? (['name'] as const) : []),
    ...(birth !== '' && otherBirth !== '' && birth !== otherBirth ? (['birth date'] as const) : []),
  ];
}

export const patientIdIn = (tags: Tags): string => tags['PatientID']?.trim() ?? '';

const identityIn = (tags: Tags): string =>
  patientIdentity({ name: tags['PatientName'] ?? '', birthDate: tags['PatientBirthDate'] ?? '' });

/** Where letters were lost capitals lead astray, as the capital of ı is I. */
const mayBeSameName = (name: string, otherName: string): boolean =>
  mayBeSameText(name, otherName) || mayBeSameText(name.toUpperCase(), otherName.toUpperCase());

const prefixAt = 3;

/** The alphabetic form, as others are told by some and not by others; without titles, carets or blanks alike. */
const nameIn = (tags: Tags): string =>
  (tags['PatientName']?.split('=')[0] ?? '')
    .normalize('NFKC')
    .replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())
    .split('^')
    .filter((_, at) => at !== prefixAt)
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const birthIn = (tags: Tags): string => (tags['PatientBirthDate'] ?? '').replaceAll(/\D/g, '');
