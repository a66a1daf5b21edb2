/** Whether the text is a day of the calendar, as DICOM writes it: `YYYYMMDD`. */
export function isDate(text: string): boolean {
  const told = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (told === null) return false;
  const [, year, month, day] = told.map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day));
  return date.toISOString().slice(0, 10).replaceAll('-', '') === text;
}
