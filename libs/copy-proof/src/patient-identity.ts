import { hash } from 'node:crypto';

export type PatientAttribute = 'name' | 'birth date';

/** Whom a PatientID stands for, as DICOM writes it (PN, DA): patient data. */
export interface NamedPatient {
  readonly name: string;
  readonly birthDate: string;
}

const attributes: readonly PatientAttribute[] = ['name', 'name', 'name', 'birth date'];

/**
 * One text for all ways to write the same name and birth date: the three component groups of the name and the date, each
 * as a digest, so that no patient can be read in the ledger; empty where nothing is said.
 */
export function patientIdentity({ name, birthDate }: NamedPatient): string {
  const groups = name.split('=');
  return [0, 1, 2]
    .map((at) => nameGroup(groups[at] ?? '', at === phonetic))
    .concat(date(birthDate))
    .map((said) => (said === '' ? '' : hash('sha256', said, 'base64url').slice(0, 16)))
    .join('.');
}

const phonetic = 2;

/** Saying nothing of the name or the birth date, which agrees with everything. */
export const saysNothing = (identity: string): boolean => identity === '...';

/**
 * Padding, trailing carets, blanks in place of carets, letter case, width and composition of characters are ways of
 * writing; a prefix ("Dr.") is a title. Anything else is part of the name, a suffix ("Jr.") too (PS3.5 6.2.1).
 */
function nameGroup(group: string, isPhonetic: boolean): string {
  const written = wordsOfName(group).toUpperCase();
  return isPhonetic ? written.replaceAll(/[\u3041-\u3096]/g, asKatakana) : written;
}

/** One component group of a name, in the letter case in which it is told. */
export function wordsOfName(group: string): string {
  const components = group.normalize('NFKC').split('^');
  const words = components.filter((_, at) => at !== prefixAt).join(' ');
  return words.replaceAll(/\s+/g, ' ').trim();
}

const prefixAt = 3;

const asKatakana = (hiragana: string): string => String.fromCharCode(hiragana.charCodeAt(0) + 0x60);

/** A date that is none, whole and valid in form, says nothing; that of ACR-NEMA has dots. */
function date(birthDate: string): string {
  const digits = birthDate.replaceAll(/[.\s]/g, '');
  return /^\d{8}$/.test(digits) && digits !== '00000000' ? digits : '';
}

/** In what the identities differ. Groups of the name that only one of them has are not compared. */
export function differingIdentities(identities: Iterable<string>): PatientAttribute[] {
  const said: string[] = [];
  const different = new Set<PatientAttribute>();
  for (const identity of identities) {
    for (const [at, attribute] of attributes.entries()) {
      const value = identity.split('.')[at] ?? '';
      if (value === '') continue;
      if (said[at] !== undefined && said[at] !== value) different.add(attribute);
      said[at] = value;
    }
    if (different.size === 2) break;
  }
  return [...different].sort((a, b) => attributes.indexOf(a) - attributes.indexOf(b));
}
