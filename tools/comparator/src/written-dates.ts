/** How the report writes days and moments. */
import type { Days } from './days-of.ts';

/** Days and ranges of days alike. */
export const writtenDate = (date: string): string =>
  date === ''
    ? 'no date'
    : date.replaceAll(/(\d{4})(\d{2})(\d{2})/g, '$1-$2-$3').replace(/(\d)-(\d{4}-)/, '$1 to $2');

export const writtenDays = ({ from, to }: Days): string =>
  from === '' ? 'all' : `${writtenDate(from)} to ${writtenDate(to)}`;

export const writtenTime = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
