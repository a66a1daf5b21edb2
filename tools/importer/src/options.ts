import { resolve } from 'node:path';
import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { schedulingOptions } from '@orthanc-tools/scheduling';
import { signOffOptions } from '@orthanc-tools/sign-off';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  type OptionsOf,
  count,
  declareOptions,
  duration,
  filePath,
  oneOf,
  textList,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { ledgerOptions } from '@orthanc-tools/work-ledger';

const orthanc = orthancOptions('orthanc');

/** They look at the ledger, which without a path is found by folder and server. */
const commands = ['status', 'requeue'];
const group = 'Import';
const watching = 'Watching, and what is done';

const labelPattern = /^[A-Za-z0-9_-]+$/;

export const importerOptions = declareOptions({
  folderPath: filePath({
    describe:
      'Folder whose DICOM files are uploaded, with all folders below it. Nothing in it is changed, unless --when-done says so.',
    required: true,
    aliases: ['folder'],
    commands,
    group,
    example: '/import',
  }),
  ...orthanc,
  orthancUrl: url({
    describe: 'Address of the REST API of the Orthanc.',
    default: 'http://localhost:8042',
    group: 'Orthanc',
    flags: ['url'],
    commands,
    credentialsThrough: '--user and --password',
  }),
  orthancUser: { ...orthanc.orthancUser, flags: ['user'] },
  orthancPwd: { ...orthanc.orthancPwd, flags: ['password'] },
  orthancApiKey: { ...orthanc.orthancApiKey, flags: ['apiKey'] },
  skipExtensions: textList({
    describe: 'Files whose name ends in one of these are listed and not opened, in upper or lower case.',
    group,
    example: '.cne,.bmp,.ini',
  }),
  labelsList: textList({
    describe:
      'Labels for each study that is imported. No image of a study is sent before the study has them, but for the first, which they follow at once.',
    aliases: ['labels'],
    check: (labels) => {
      const wrong = labels.find((label) => !labelPattern.test(label));
      return wrong === undefined
        ? undefined
        : `holds "${wrong}"; a label consists of letters, digits, "-" and "_"`;
    },
    group,
  }),
  dicomizePdf: toggle({
    describe:
      'Turn each PDF into an encapsulated PDF in the study whose images lie in the same folder. Where they are of no study or of several, it is listed and not stored.',
    group,
  }),
  onIdentityConflict: oneOf(['report', 'refuse'], {
    describe:
      'What is done when the same PatientID bears another name or birth date, in the folder or at Orthanc: the images are stored and reported, or they are not stored. To refuse, every file is read twice.',
    default: 'report',
    group,
  }),
  manifest: filePath({
    written: 'anew',
    describe:
      'File with one line for each file that was found: what became of it, its ID in Orthanc, size, MD5 and the reason. CSV when the name ends in .csv, otherwise JSON lines.',
    aliases: ['manifestPath'],
    placeholder: 'FILE',
    group,
    example: 'manifest.csv',
  }),
  ...signOffOptions({
    holds: 'It names files by their paths.',
    otherThan: ['report', 'manifest', 'errorsPath'],
    group,
    example: 'import.html',
  }),
  errorsPath: filePath({
    written: 'in place',
    describe: 'File to which the path of each file that was set aside is added, one per line.',
    placeholder: 'FILE',
    group,
  }),
  statePath: filePath({
    describe:
      'State file of the Python tool. It is read and never changed; what it claims is proved again. The ledger lies beside it, unless --ledger-path says otherwise.',
    placeholder: 'FILE',
    commands,
    group,
  }),
  ...ledgerOptions({
    records: 'what was stored and proved',
    example: '/status/importer.ledger.sqlite',
    group,
    otherThan: 'report',
  }),
  watch: toggle({
    describe:
      'Do not end when the folder is imported: look for new and changed files until the tool is stopped.',
    conflictsWith: { dryRun: [true] },
    group: watching,
  }),
  settleTime: duration({
    describe: 'How long a file must not have changed before it is read, as it may still be on its way.',
    default: '30s',
    idleUnless: { watch: [true] },
    group: watching,
  }),
  watchInterval: duration({
    describe: 'How often the folder is looked at; one that takes long to look at is looked at less often.',
    default: '10s',
    min: '100ms',
    idleUnless: { watch: [true] },
    group: watching,
  }),
  whenDone: oneOf(['keep', 'move', 'delete'], {
    describe:
      'What is done with a file whose whole content is proved at Orthanc by its MD5. Links, and what is not stored, stay.',
    default: 'keep',
    group: watching,
  }),
  doneFolder: filePath({
    describe: 'Folder to which files are moved, each below it in the folders in which it was found.',
    requiredWhen: { whenDone: ['move'] },
    idleUnless: { whenDone: ['move'] },
    checkBeside: (path, { folderPath }) =>
      typeof folderPath === 'string' && `${resolve(path)}/`.startsWith(`${resolve(folderPath)}/`)
        ? 'must not lie in the folder that is imported'
        : undefined,
    placeholder: 'FOLDER',
    group: watching,
  }),
  dryRun: toggle({
    describe: 'Count what would be imported, and store nothing: neither at Orthanc nor in a ledger.',
    group,
  }),
  proveAgain: toggle({
    describe: 'Look at every file again, also at those that the ledger holds as proved.',
    group,
  }),
  workerThreadsCount: count({
    describe:
      'How many files are sent at the same time, at most; the importer finds the best number below it.',
    default: 16,
    min: 1,
    max: 256,
    group,
  }),
  maxRetries: count({
    describe:
      'How often a file is tried again before it is set aside. What is no DICOM file is never tried again.',
    default: 8,
    min: 0,
    max: 1000,
    group,
  }),
  maxArchiveEntries: count({
    describe: 'How many members of an archive (ZIP, tar.gz), and of those in it, are read at most.',
    default: 1_000_000,
    min: 1,
    group: 'Archives',
  }),
  maxArchiveMegabytes: count({
    describe: 'How many megabytes an archive may inflate to.',
    default: 500_000,
    min: 1,
    group: 'Archives',
  }),
  maxArchiveRatio: count({
    describe: 'How many times its own size an archive may inflate to, from 64 MB on.',
    default: 200,
    min: 1,
    group: 'Archives',
  }),
  maxArchiveNesting: count({
    describe: 'How deep archives may lie in archives.',
    default: 3,
    min: 0,
    max: 100,
    group: 'Archives',
  }),
  ...schedulingOptions,
  ...telemetryOptions,
  ...runtimeOptions,
});

export type ImporterOptions = OptionsOf<typeof importerOptions>;
