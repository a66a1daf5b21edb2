/** A part of what a remote may hold, as one C-FIND can ask for it. All bounds are included. */
export interface Span {
  /** Study dates (0008,0020), `YYYYMMDD`; undefined: studies that have none. */
  readonly dates: { readonly from: string; readonly to: string } | undefined;
  /** Study times (0008,0030) of one day, `HHMMSS`, whole seconds; a study without a time is in no such part. */
  readonly times?: { readonly from: string; readonly to: string };
  /** One of the modalities in the study (0008,0061). */
  readonly modality?: string;
}

/** What comes first of a range. */
export type Order = 'oldest first' | 'newest first';

/** As users give a range: from the earlier to the later day, or backwards. */
export function spanOf(from: string, to: string): { readonly span: Span; readonly order: Order } {
  return from <= to
    ? { span: { dates: { from, to } }, order: 'oldest first' }
    : { span: { dates: { from: to, to: from } }, order: 'newest first' };
}

/** Studies without a date: no C-FIND can ask for these alone, so that all have to be told. */
export const undated: Span = { dates: undefined };

/** The keys by which a C-FIND at study level asks for it (DICOM PS3.4 C.2.2.2.5, range matching). */
export function keysOf({ dates, times, modality }: Span): Record<string, string> {
  return {
    StudyDate: dates === undefined ? '' : rangeOf(dates),
    StudyTime: times === undefined ? '' : `${times.from}-${times.to}${restOfSecond}`,
    ModalitiesInStudy: modality ?? '',
  };
}

/** Many servers keep fractions of seconds, and these are in the last second of a part. */
const restOfSecond = '.999999';

const rangeOf = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  from === to ? from : `${from}-${to}`;

/** For logs and ledgers: unique, and without patient data. */
export function nameOfSpan({ dates, times, modality }: Span): string {
  const parts = [dates && rangeOf(dates), times && rangeOf(times), modality];
  return parts.filter((part) => part !== undefined).join(' ') || 'undated';
}

/** What `nameOfSpan` has named; undefined for any other text. */
export function spanNamed(name: string): Span | undefined {
  if (name === 'undated') return undated;
  const told = /^(?:(\d{8})(?:-(\d{8}))?)?(?: ?(\d{6})(?:-(\d{6}))?)?(?: ?([A-Z]+))?$/.exec(name);
  if (told === null || name === '') return undefined;
  const [, from, to = from, start, end = start, modality] = told;
  return {
    dates: from === undefined || to === undefined ? undefined : { from, to },
    ...(start !== undefined && end !== undefined && { times: { from: start, to: end } }),
    ...(modality !== undefined && { modality }),
  };
}
