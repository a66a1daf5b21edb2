export interface Fuse {
  readonly maxStudies: number;
  /** Of all studies that Orthanc holds. */
  readonly maxPercent: number;
}

export interface FuseQuestion {
  readonly planned: number;
  readonly held: number;
}

/** So few are no share worth to be afraid of, as long as something stays: in an archive of ten studies, each is a tenth. */
const neverTooMany = 10;

/** What makes the plan too large to be carried out without a person's word; undefined where nothing does. Pure. */
export function blownBy(
  { planned, held }: FuseQuestion,
  { maxStudies, maxPercent }: Fuse,
): keyof Fuse | undefined {
  if (planned > maxStudies) return 'maxStudies';
  const areFew = planned <= neverTooMany && planned < held && maxPercent > 0;
  return !areFew && planned * 100 > maxPercent * held ? 'maxPercent' : undefined;
}
