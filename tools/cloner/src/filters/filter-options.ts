import { filePath, text, textList } from '@orthanc-tools/tool-options';

const group = 'Which studies';
const dates = /^(\d{8})?-?(\d{8})?$/;

function faultInDates(written: string): string | undefined {
  const [, from = '', to = ''] = dates.exec(written) ?? [];
  if (from === '' && to === '') return 'must be a day or a range such as 20240101-20241231';
  return from !== '' && to !== '' && from > to ? `ends before it begins: write ${to}-${from}` : undefined;
}

/** A patient ID is patient data: it is shown nowhere, neither in logs nor in reports. */
const unshown = { format: (ids: readonly string[]) => `${String(ids.length)} given` };

export const filterOptions = {
  modality: textList({
    describe: 'Only studies with at least one series of one of these modalities; they are copied whole.',
    placeholder: 'CT,MR',
    group,
  }),
  studyDate: text({
    describe:
      'Only studies of this day or range of days: 20240131, 20240101-20241231, 20240101- or -20241231. A study without a date is none of them.',
    placeholder: 'DATES',
    check: faultInDates,
    group,
  }),
  label: textList({ describe: 'Only studies with one of these labels.', placeholder: 'LABEL,…', group }),
  patientId: {
    ...textList({
      describe: 'Only studies of patients with one of these IDs. Shown neither in logs nor in reports.',
      placeholder: 'ID,…',
      group,
    }),
    ...unshown,
  },
  patientIdsFile: filePath({
    describe: 'File with the IDs of patients, one in each line; beside those of --patient-id.',
    example: '/status/patients.txt',
    group,
  }),
};
