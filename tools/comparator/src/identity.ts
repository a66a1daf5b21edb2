import {
  type PatientAttribute,
  differingIdentities,
  patientIdentity,
  wordsOfName,
} from '@orthanc-tools/copy-proof';
import { patientIdIn } from '@orthanc-tools/study-search';
import type { Tags, ToldTags } from './attributes.ts';
import { mayBeSame, mayBeSameText } from './may-be-same-text.ts';

/** Asked for on both sides, to tell whether they speak of the same person. */
export const identityKeys = ['PatientID', 'PatientName', 'PatientBirthDate'] as const;

/** In what two records contradict each other; never the values, which are patient data. */
export type Contradiction = 'PatientID' | PatientAttribute;

/**
 * What two sides say of one study, or of one PatientID, and what cannot be said of one person. What the other side does not
 * tell contradicts nothing; no PatientID is another one where it is known that there is none; and under two PatientIDs
 * nothing else is compared. Pure.
 */
export function contradictions({ here, there, tellsAll }: ToldTags): Contradiction[] {
  const [id, otherId] = [patientIdIn(here), patientIdIn(there)];
  const toldIn = (keyword: string) => [here[keyword] ?? '', there[keyword] ?? ''] as const;
  // Orthanc always tells it; the other side may leave it out.
  if (otherId === '' && !tellsAll) return [];
  if (id === '' || otherId === '') return id === otherId ? [] : ['PatientID'];
  if (id !== otherId) return !tellsAll && mayBeSameText(...toldIn('PatientID')) ? [] : ['PatientID'];
  if (tellsAll) return differingIdentities([here, there].map(identityIn));
  const [birth, otherBirth] = [birthIn(here), birthIn(there)];
  return [
    ...(mayBeSameName(...toldIn('PatientName')) ? [] : (['name'] as const)),
    ...(birth !== '' && otherBirth !== '' && birth !== otherBirth ? (['birth date'] as const) : []),
  ];
}

const identityIn = (tags: Tags): string =>
  patientIdentity({ name: tags['PatientName'] ?? '', birthDate: tags['PatientBirthDate'] ?? '' });

/** A name that one of them does not tell may be any. Where letters were lost capitals lead astray, as the capital of ı is I. */
function mayBeSameName(name: string, otherName: string): boolean {
  const names = [name, otherName] as const;
  return (
    names.some((one) => wordsIn(one) === '') ||
    mayBeSame(names, wordsIn) ||
    mayBeSame(names, (one) => wordsIn(one).toUpperCase())
  );
}

/** The alphabetic form, as others are told by some and not by others; without titles, carets or blanks alike. */
const wordsIn = (name: string): string =>
  wordsOfName(name.split('=')[0] ?? '').replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());

const birthIn = (tags: Tags): string => (tags['PatientBirthDate'] ?? '').replaceAll(/\D/g, '');
