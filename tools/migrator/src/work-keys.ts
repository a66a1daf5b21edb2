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

/** A study is its UID. */
export function workOf(key: string): Work {
  if (key.startsWith(accessionPrefix)) return { is: 'accession' };
  const span = key.startsWith(spanPrefix) ? spanNamed(key.slice(spanPrefix.length)) : undefined;
  return span === undefined ? { is: 'study', uid: key } : { is: 'span', span };
}

/** Searches go first: they tell what else there is to do. Then the studies of a list, then those of a range. */
export const priorities = { search: 3, listed: 2, found: 1 } as const;
