import { filePath, text, textList } from '@orthanc-tools/tool-options';

const group = 'Which studies';
const dates = /^(\d{8})?-?(\d{8})?$/;

function faultInDates(written: string): string | undefined {
  const [, from = '', to = ''] = dates.exec(written) ?? [];
  if (from === '' && to === '') return 'must be a day or a range such as 20240101-20241231';
  const strange = [from, to].find((day) => day !== '' && !isDay(day));
  if (strange !== undefined) return `names ${strange}, which is no day of the calendar`;
  return from !== '' && to !== '' && from > to ? `ends before it begins: write ${to}-${from}` : undefined;
}

function isDay(written: string): boolean {
  const iso = written.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
}

/** A list of nothing but commas. */
const faultInList = (list: readonly string[]) => (list.length === 0 ? 'names none' : undefined);

/** A patient ID is patient data: it is shown nowhere, neither in logs nor in reports. */
const unshown = { format: (ids: readonly string[]) => `${String(ids.length)} given` };

export const filterOptions = {
  modality: textList({
    describe: 'Only studies with at least one series of one of these modalities; they are copied whole.',
    placeholder: 'CT,MR',
    narrows: true,
    check: faultInList,
    group,
  }),
  studyDate: text({
    describe:
      'Only studies of this day or range of days: 20240131, 20240101-20241231, 20240101- or -20241231. A study without a date is none of them.',
    placeholder: 'DATES',
    narrows: true,
    check: faultInDates,
    group,
  }),
  label: textList({
    describe: 'Only studies with one of these labels.',
    placeholder: 'LABEL,…',
    narrows: true,
    check: faultInList,
    group,
  }),
  patientId: {
    ...textList({
      describe: 'Only studies of patients with one of these IDs. Shown neither in logs nor in reports.',
      placeholder: 'ID,…',
      narrows: true,
      check: faultInList,
      group,
    }),
    ...unshown,
  },
  patientIdsFile: filePath({
    describe: 'File with the IDs of patients, one in each line; beside those of --patient-id.',
    example: '/status/patients.txt',
    narrows: true,
    group,
  }),
};
