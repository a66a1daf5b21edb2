export const dayMs = 86_400_000;

/** Days since 1970-01-01 of a DICOM date (`20240131`). */
export const dayOf = (date: string): number =>
  Math.round(
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / dayMs,
  );

export const dateOf = (day: number): string =>
  new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '');

/** A time of day as DICOM writes it, always 13 characters: `093015.250000`. */
export const timeOf = (milliseconds: number): string => {
  const time = Math.floor(milliseconds) % dayMs;
  // Digits behind a 1, which is cut off, keep their zeros: this is asked for every image.
  const hours = Math.floor(time / 3_600_000);
  const minutes = Math.floor(time / 60_000) % 60;
  const seconds = Math.floor(time / 1000) % 60;
  const digits = String(1_000_000 + hours * 10_000 + minutes * 100 + seconds);
  return `${digits.slice(1)}.${String(1000 + (time % 1000)).slice(1)}000`;
};

/** Whole months by the calendar, as people count birthdays. */
const monthsBetween = (from: string, to: string): number => {
  const monthOf = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(4, 6));
  const isBeforeTheDay = to.slice(6) < from.slice(6);
  return monthOf(to) - monthOf(from) - (isBeforeTheDay ? 1 : 0);
};

/** Age String (PS3.5 6.2): days and months for the youngest, years from two on. */
export const ageAt = (birthDate: string, date: string): string => {
  const days = dayOf(date) - dayOf(birthDate);
  if (days < 60) return `${String(Math.max(0, days)).padStart(3, '0')}D`;
  const months = monthsBetween(birthDate, date);
  if (months < 24) return `${String(months).padStart(3, '0')}M`;
  return `${String(Math.floor(months / 12)).padStart(3, '0')}Y`;
};
