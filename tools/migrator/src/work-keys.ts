import { hash } from 'node:crypto';
import { type Span, nameOfSpan, spanNamed } from '@orthanc-tools/study-search';

/** What an item of the ledger stands for. */
export type Work =
  | { readonly is: 'study'; readonly uid: string }
  /** The studies of a span are to be looked for. */
  | { readonly is: 'span'; readonly span: Span }
  /** The studies of an accession number, which the item keeps as its mark: a key may be shown. */
  | { readonly is: 'accession' };

const spanPrefix = 'span:';
const accessionPrefix = 'accession:';

export const keyOfSpan = (span: Span): string => spanPrefix + nameOfSpan(span);

export const keyOfAccession = (number: string): string =>
  accessionPrefix + hash('sha256', number).slice(0, 16);

/** An accession number and its place in the list, as the ledger keeps them: the place may be shown, the number may not. */
export const markOfAccession = (number: string, entry: number): string => `${number}\t${String(entry)}`;

/** The same, read; earlier versions kept the number alone. */
export function readAccession(mark: string): { readonly number: string; readonly entry?: number } {
  const [, number, entry] = /^(.*)\t(\d+)$/s.exec(mark) ?? [];
  return number === undefined ? { number: mark } : { number, entry: Number(entry) };
}

/** A study is its UID. */
export function workOf(key: string): Work {
  if (key.startsWith(accessionPrefix)) return { is: 'accession' };
  const span = key.startsWith(spanPrefix) ? spanNamed(key.slice(spanPrefix.length)) : undefined;
  return span === undefined ? { is: 'study', uid: key } : { is: 'span', span };
}

/** What was searched for, without anything of a patient: days, or a place in the list. Undefined where it is a study. */
export function nameOfSearch(key: string, mark: string): string | undefined {
  const work = workOf(key);
  if (work.is === 'study') return undefined;
  if (work.is === 'span') return nameOfSpan(work.span);
  const { entry } = readAccession(mark);
  return entry === undefined ? 'an entry of the list' : `entry ${String(entry)} of the list`;
}

/** Searches go first: they tell what else there is to do. Then the studies of a list, then those of a range. */
export const priorities = { search: 3, listed: 2, found: 1 } as const;
