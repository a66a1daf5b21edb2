import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { schedulingOptions } from '@orthanc-tools/scheduling';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  count,
  declareOptions,
  duration,
  filePath,
  nameOf,
  oneOf,
  text,
  textList,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { executionDayFault, executionTimeFault } from './execution-times.ts';
import { studyDateFault } from './study-dates.ts';
import { levels } from './side.ts';

const group = 'Comparison';
const repair = 'Repair';
const periodic = 'Periodic comparison';
const output = 'Output';

/** The last days win over days that are given where the comparison is made again and again. */
const periodically = { daysToCompare: 'set', executionTime: 'set' } as const;

const dest = orthancOptions('dest');

/** The option of another output; two must not be one file. */
const otherFile = (...others: readonly string[]) => ({
  checkBeside: (path: string, beside: Readonly<Record<string, unknown>>) =>
    others.some((other) => path === beside[other]) ? 'names the same file as another output' : undefined,
});

export const comparatorOptions = declareOptions({
  ...orthancOptions('orthanc'),
  orthancUrl: url({
    describe: 'Address of the REST API of the Orthanc.',
    default: 'http://localhost:8042',
    group: 'Orthanc',
    flags: ['url'],
    credentialsThrough: '--orthanc-user and --orthanc-pwd',
    example: 'http://orthanc-a:8042',
  }),
  modality: text({
    describe:
      'Alias of the modality to compare with, as configured in Orthanc. Or give --dest-url, to compare with another Orthanc by its REST API.',
    conflictsWith: ['destUrl'],
    group,
    example: 'pacs',
  }),
  fromStudyDate: text({
    describe:
      'First study date, YYYYMMDD. With a later one here than in --to-study-date, the newest come first.',
    requiredWhen: { toStudyDate: 'set' },
    idleWhen: periodically,
    check: studyDateFault,
    placeholder: 'DATE',
    group,
    example: '20220201',
  }),
  toStudyDate: text({
    describe: 'Last study date, YYYYMMDD; it is compared, too.',
    requiredWhen: { fromStudyDate: 'set' },
    idleWhen: periodically,
    check: studyDateFault,
    placeholder: 'DATE',
    group,
    example: '20220302',
  }),
  level: oneOf(levels, {
    describe:
      'How deep: whether the studies, their series, or their instances are there; with Hash, between two Orthancs, whether the files are the same as well.',
    default: 'Series',
    group,
  }),
  attributes: textList({
    describe:
      'Attributes to compare as well, by their DICOM keywords or tags. What a modality leaves empty is not compared, and counted. Values that differ stand in the outputs, also where they are patient data.',
    placeholder: 'KEYWORD,…',
    group,
    example: 'PatientName,StudyDescription,ModalitiesInStudy',
  }),
  includeUndated: toggle({
    describe:
      'Compare the studies without a study date as well. The modality has to tell all that it holds for it, as no question finds them alone.',
    group,
  }),
  maxCfindStudyCount: count({
    describe:
      'The most answers that the modality gives to one question; it is then asked in parts. Without it, the usual limits are suspected and found out.',
    min: 1,
    group,
    example: '500',
  }),
  relationalQueries: toggle({
    describe:
      'Ask the modality for series and instances of many studies at once. Where it does not answer that, it is noticed, and each series is asked for.',
    default: true,
    group,
  }),
  maxRetries: count({
    describe: 'How often a question is asked again, with growing pauses, before it counts as failed.',
    default: 8,
    max: 1000,
    group,
  }),
  audit: toggle({
    describe:
      'Compare with nobody: let Orthanc read every stored file again and hash it, and tell what is damaged. Of the study dates given, or of everything.',
    conflictsWith: ['modality', 'destUrl'],
    group,
  }),
  transferMissingToModality: toggle({
    describe: 'Send what the other side misses, and look again.',
    idleWhen: { ignoreMissingOnModality: [true] },
    group: repair,
  }),
  ignoreMissingFromOrthanc: toggle({
    describe: 'Do not look for what Orthanc misses, and do not retrieve it.',
    group: repair,
  }),
  retrieveMissingFromOrthanc: toggle({
    describe: 'Fetch what Orthanc misses, and look again.',
    idleWhen: { ignoreMissingFromOrthanc: [true] },
    group: repair,
  }),
  ignoreMissingOnModality: toggle({
    describe: 'Do not look for what the other side misses, and do not send it.',
    doubt: (_, { ignoreMissingFromOrthanc }) =>
      ignoreMissingFromOrthanc === true
        ? `and ${nameOf('ignoreMissingFromOrthanc')} together leave only what both sides hold to be compared`
        : undefined,
    group: repair,
  }),
  repairIdentityConflicts: toggle({
    describe:
      'Send and fetch studies with a conflict of identity as well. Without it they stay as they are, until somebody has decided whose they are.',
    group: repair,
  }),
  stallLimit: duration({
    describe:
      'How long what is sent or fetched may make no progress before it is cancelled. Allow for archives that have to load a tape.',
    default: '5m',
    min: '1s',
    group: repair,
  }),
  errorLogFilePath: filePath({
    written: 'in place',
    describe:
      'File to which a line "UID,study date,level" is added for everything that could not be repaired.',
    placeholder: 'FILE',
    group: repair,
    example: '/status/errors.log',
  }),
  daysToCompare: count({
    describe:
      'Compare the last so many days up to today; with --execution-day and --execution-time again and again. Study dates that are given win, unless it is made again and again.',
    doubt: (_, { fromStudyDate, executionTime }) =>
      fromStudyDate === undefined || executionTime !== undefined
        ? undefined
        : 'has no effect: --from-study-date (FROM_STUDY_DATE) wins over it without --execution-time',
    max: 36_500,
    group: periodic,
    example: '7',
  }),
  executionDay: text({
    describe: 'When to compare: a day of the week, several, a range of them, or "day" for every day.',
    requiredWhen: { executionTime: 'set' },
    check: executionDayFault,
    placeholder: 'DAY',
    group: periodic,
    example: 'sunday',
  }),
  executionTime: text({
    describe: 'The time at which it begins, HH:MM or HH:MM:SS, on the clock of --timezone.',
    requiredWhen: { executionDay: 'set' },
    check: executionTimeFault,
    placeholder: 'TIME',
    group: periodic,
    example: '02:00',
  }),
  itemsJson: filePath({
    written: 'in place',
    describe: 'File to which every item is written as a line of JSON, with its symbol.',
    placeholder: 'FILE',
    ...otherFile('itemsCsv', 'htmlReport', 'report'),
    group: output,
    example: '/status/items.jsonl',
  }),
  itemsCsv: filePath({
    written: 'in place',
    describe: 'The same as CSV.',
    placeholder: 'FILE',
    ...otherFile('htmlReport', 'report'),
    group: output,
    example: '/status/items.csv',
  }),
  equalItems: oneOf(['study', 'none'], {
    describe: 'Whether these files have a line "=" for each study that is equal, too.',
    default: 'study',
    group: output,
  }),
  htmlReport: filePath({
    written: 'anew',
    describe:
      'File for a report to send on: one HTML page, with totals, days, differences and earlier runs. It holds no names of patients unless they are compared.',
    placeholder: 'FILE',
    ...otherFile('report'),
    group: output,
    example: '/status/comparison.html',
  }),
  orthancLinks: url({
    describe: 'Address under which readers of the report reach Orthanc. Without it, that of --orthanc-url.',
    idleUnless: { htmlReport: 'set' },
    group: output,
    example: 'https://orthanc.hospital.example',
  }),
  stateFolder: filePath({
    describe:
      'Folder in which earlier runs are remembered, and how far a run had come that was interrupted. Without it, in ~/.local/state/orthanc-tools.',
    placeholder: 'FOLDER',
    group: output,
    example: '/status',
  }),
  ...dest,
  destUrl: url({
    describe: 'Address of the REST API of another Orthanc, to compare with it instead of a modality.',
    requiredWhen: { level: ['Hash'] },
    credentialsThrough: '--dest-user and --dest-pwd',
    group: 'Destination Orthanc',
    example: 'http://orthanc-b:8042',
  }),
  ...schedulingOptions,
  ...telemetryOptions,
  ...runtimeOptions,
});
