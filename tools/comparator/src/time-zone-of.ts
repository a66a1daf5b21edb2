import type { ComparatorOptions } from './open-sides.ts';

/** The zone in which days and times are meant: that of the running hours, or of the system. */
export const timeZoneOf = ({ timezone }: Pick<ComparatorOptions, 'timezone'>): string =>
  timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
