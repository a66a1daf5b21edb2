import { edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  type OptionsOf,
  count,
  declareOptions,
  filePath,
  oneOf,
  text,
  textList,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';

const archive = 'What is made';
const images = 'Images';
const delivery = 'Where it goes';

const isDate = (value: string): boolean => {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(value) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};
const dateFault = (value: string): string | undefined =>
  isDate(value) ? undefined : `must be a date such as 20240131, not "${value}"`;

const pairFault = (values: readonly string[]): string | undefined => {
  const wrong = values.find((value) => !/^[^=]+=/.test(value));
  if (wrong !== undefined) return `must be NAME=VALUE, not "${wrong}"`;
  // Below 1024 are Orthanc's own, which nobody else may write.
  const number = values.map((value) => /^\s*(\d+)\s*=/.exec(value)?.[1]).find(isOutOfRange);
  return number === undefined ? undefined : `must have a number from 1024 to 65535, not ${number}`;
};
const isOutOfRange = (digits: string | undefined): boolean =>
  digits !== undefined && (Number(digits) < 1024 || Number(digits) > 65_535);

const labelFault = (labels: readonly string[]): string | undefined => {
  const wrong = labels.find((label) => !/^[A-Za-z0-9_-]+$/.test(label));
  return wrong === undefined
    ? undefined
    : `holds "${wrong}"; a label consists of letters, digits, "-" and "_"`;
};

const catalogued = edgeCases.map(({ name, meaning }) => `${name} (${meaning})`);

const orthanc = orthancOptions('orthanc');

export const populatorOptions = declareOptions({
  ...orthanc,
  orthancUrl: url({
    describe: 'Address of the REST API of the Orthanc to fill; needed unless --dry-run or --output is given.',
    group: 'Orthanc',
    example: 'http://orthanc-a:8042',
    credentialsThrough: '--orthanc-user and --orthanc-pwd',
    flags: ['url'],
    idleWhen: { output: 'set' },
  }),
  studies: count({
    describe: 'How many studies; 0 only beside --edge-cases, for these alone.',
    default: 100,
    checkBeside: (value, { edgeCases: chosen }) =>
      value === 0 && chosen === undefined ? 'must be 1 or more, unless --edge-cases is given' : undefined,
    group: archive,
  }),
  series: count({
    describe: 'Series in each study; without it, what is usual for the modality.',
    min: 1,
    max: 10_000,
    group: archive,
  }),
  instances: count({
    describe:
      'Instances in each series; without it, what is usual for the modality. Unless --modality says otherwise, several make studies of modalities with many images only, and 1 makes projection images only.',
    min: 1,
    // So far can InstanceNumber count.
    max: 2_147_483_647,
    group: archive,
  }),
  seed: text({
    describe:
      'A number or any text. The same seed gives the same files, another one other patients and UIDs.',
    default: '42',
    group: archive,
  }),
  modality: textList({
    describe:
      'Modalities to draw from: CT, MR, CR, DX, US (moving), MG, PT, OT (secondary capture), SR, DOC (PDF); all when left out.',
    aliases: ['modalities'],
    example: 'CT,MR',
    group: archive,
  }),
  fromStudyDate: text({
    describe: 'The earliest StudyDate.',
    default: '20000101',
    check: dateFault,
    group: archive,
  }),
  toStudyDate: text({
    describe: 'The latest StudyDate.',
    default: '20241231',
    check: dateFault,
    checkBeside: (value, { fromStudyDate }) =>
      typeof fromStudyDate === 'string' && value < fromStudyDate
        ? `must not be before --from-study-date (${fromStudyDate})`
        : undefined,
    group: archive,
  }),
  scripts: textList({
    describe: 'Writing systems of the names; all when left out.',
    example: 'latin,greek,japanese',
    group: archive,
  }),
  edgeCases: textList({
    describe: `Makes awkward studies besides; the flag alone means all. ${catalogued.join(', ')}.`,
    whenBare: 'all',
    placeholder: '[NAMES]',
    example: 'no-study-date,long-uid',
    group: archive,
  }),
  imageWidth: count({ describe: 'Columns of each image.', default: 2, min: 1, max: 65_535, group: images }),
  imageHeight: count({ describe: 'Rows of each image.', default: 2, min: 1, max: 65_535, group: images }),
  imageContentType: oneOf(['Flat', 'Random', 'Phantom'], {
    describe:
      'What the images show: nothing, noise in all bits that are stored (12 of 16 in most images: compression saves a quarter at most), or a phantom. Into noise and phantom the identifiers are drawn, where there is room.',
    default: 'Flat',
    group: images,
  }),
  transferSyntaxes: textList({
    describe:
      'How the files are written, drawn anew for each series: implicitLittleEndian, explicitLittleEndian, deflatedExplicitLittleEndian, explicitBigEndian, rleLossless, jpegLsLossless, jpeg2000Lossless, or all. Where the last three are drawn, reports and letters, which hold no picture, are explicitLittleEndian.',
    default: ['explicitLittleEndian'],
    aliases: ['transferSyntax'],
    group: images,
  }),
  output: filePath({
    describe: 'Folder into which the files are written, instead of being sent to an Orthanc.',
    placeholder: 'DIR',
    group: delivery,
  }),
  dryRun: toggle({
    describe: 'Only say what would be made, study by study; with --manifest each instance too.',
    group: delivery,
  }),
  manifest: filePath({
    written: 'anew',
    describe:
      'File for a JSON line with identifiers, size and SHA-256 of each instance, always in the same order.',
    placeholder: 'FILE',
    group: delivery,
  }),
  workers: count({
    describe: 'How many uploads run at the same time. What is made does not depend on it.',
    default: 16,
    min: 1,
    max: 256,
    group: delivery,
  }),
  maxRetries: count({
    describe: 'How often an upload is tried again, with growing pauses, before its instances are set aside.',
    default: 5,
    min: 0,
    max: 1000,
    group: delivery,
  }),
  labels: textList({
    describe: 'Labels to draw from for each study.',
    check: labelFault,
    default: Array.from({ length: 9 }, (_, at) => `Label${String(at + 1)}`),
    idleWhen: { output: 'set' },
    group: delivery,
  }),
  maxLabels: count({
    describe: 'How many labels a study gets at most; 0 for none.',
    default: 3,
    min: 0,
    max: 100,
    idleWhen: { output: 'set' },
    group: delivery,
  }),
  metadata: textList({
    describe: 'Metadata that each study gets, as NAME=VALUE; the name may be a number from 1024 on.',
    check: pairFault,
    example: '1024=synthetic',
    idleWhen: { output: 'set' },
    group: delivery,
  }),
  attachments: textList({
    describe:
      'Attachments that each study gets, as NAME=TEXT, or NAME=@FILE for the bytes of a file; the name may be a number from 1024 on.',
    check: pairFault,
    example: '1025=made by a generator,1026=@letter.pdf',
    idleWhen: { output: 'set' },
    group: delivery,
  }),
  protectedPatients: count({
    describe: 'How many of 100 patients are protected from being deleted when the storage is full.',
    default: 0,
    min: 0,
    max: 100,
    idleWhen: { output: 'set' },
    group: delivery,
  }),
  ...telemetryOptions,
  ...runtimeOptions,
});

export type PopulatorOptions = OptionsOf<typeof populatorOptions>;
