import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { schedulingOptions } from '@orthanc-tools/scheduling';
import { signOffOptions } from '@orthanc-tools/sign-off';
import { isDate } from '@orthanc-tools/study-search';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  type OptionsOf,
  count,
  declareOptions,
  duration,
  filePath,
  nameOf,
  text,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { ledgerOptions } from '@orthanc-tools/work-ledger';

const orthanc = orthancOptions('orthanc');
const dest = orthancOptions('dest');

/** They look at the ledger, which without a path is found by the two ends of the migration. */
const commands = ['status', 'requeue'];
const route = 'From where to where';
const which = 'Which studies';
const pace = 'Pace';
const records = 'Records';

const dateFault = (written: string) =>
  isDate(written) ? undefined : `must be a date such as 20191231, not "${written}"`;

export const migratorOptions = declareOptions({
  ...orthanc,
  orthancUrl: url({
    describe: 'Address of the REST API of the Orthanc that migrates: the migrator sends its orders to it.',
    required: true,
    group: 'Orthanc',
    flags: ['url'],
    commands,
    example: 'http://orthanc:8042',
    credentialsThrough: '--user and --password',
  }),
  sourceModality: text({
    describe:
      'Alias, in Orthanc, of the modality whose studies are migrated. Without it, the studies of Orthanc itself are.',
    placeholder: 'ALIAS',
    commands,
    group: route,
  }),
  destinationModality: text({
    describe:
      'Alias, in Orthanc, of the modality to which the studies go by C-STORE. From a source modality they pass through Orthanc, and stay there.',
    placeholder: 'ALIAS',
    conflictsWith: ['destinationAet', 'destinationPeer'],
    commands,
    group: route,
  }),
  destinationAet: text({
    describe:
      'AET to which the source modality is told to send (C-MOVE). The source must know it. Where Orthanc knows it as a modality too, it is asked what has arrived; otherwise nobody is, and nothing is proved. Without any destination, Orthanc itself is the destination.',
    placeholder: 'AET',
    conflictsWith: ['destinationPeer'],
    commands,
    group: route,
  }),
  destinationPeer: text({
    describe:
      'Alias, in Orthanc, of the Orthanc peer to which the studies go. Give --dest-url too: otherwise nobody can be asked what has arrived.',
    placeholder: 'ALIAS',
    // Without it the studies would end in Orthanc itself, and not where the address leads.
    requiredWhen: { destUrl: 'set' },
    commands,
    group: route,
  }),
  useGetNotMove: toggle({
    describe: 'Fetch by C-GET in place of C-MOVE: the source need not know Orthanc. Needs Orthanc 1.12.6.',
    idleUnless: { sourceModality: 'set' },
    conflictsWith: ['destinationAet'],
    group: route,
  }),
  deleteFromSource: toggle({
    describe:
      'Delete from Orthanc, when it is the source, each instance that is proved at the destination; nothing else, and none that arrived meanwhile.',
    conflictsWith: ['sourceModality'],
    group: route,
  }),
  ...dest,
  destUrl: url({
    describe:
      'Address of the REST API of the destination peer, as seen by the migrator: by it the files are compared.',
    group: 'Destination Orthanc',
    example: 'http://orthanc-b:8042',
    credentialsThrough: '--dest-user and --dest-pwd',
  }),
  fromStudyDate: text({
    describe: 'First study date (YYYYMMDD). When it is the later one, the newest studies come first.',
    placeholder: 'DATE',
    requiredWhen: { toStudyDate: 'set' },
    check: dateFault,
    example: '20191231',
    group: which,
  }),
  toStudyDate: text({
    describe: 'Last study date, included.',
    placeholder: 'DATE',
    requiredWhen: { fromStudyDate: 'set' },
    check: dateFault,
    example: '20000101',
    group: which,
  }),
  skipUndated: toggle({
    describe:
      'Do not look for studies without a date. No C-FIND can ask for them alone, so that the source is asked for all it has.',
    idleUnless: { fromStudyDate: 'set' },
    group: which,
  }),
  studiesFile: filePath({
    describe:
      'CSV with a column StudyInstanceUID or AccessionNumber, such as a query result or the --csv-report of another run; without a head line, the first column holds UIDs. These studies come first, in this order.',
    aliases: ['idsListFilePath'],
    placeholder: 'FILE',
    group: which,
    example: 'studies.csv',
  }),
  maxCfindStudyCount: count({
    describe:
      'How many answers the source gives at most to a C-FIND. Without it, answers of a usual length (100, 500, …) are suspected to be cut, and asked for again in parts.',
    min: 2,
    aliases: ['maxCFindStudyCount'],
    idleUnless: { sourceModality: 'set' },
    group: which,
  }),
  proveAgain: toggle({
    describe: 'Look at every study again, also at those that the ledger holds as proved.',
    group: which,
  }),
  workerThreadsCount: count({
    describe: 'How many studies are migrated at the same time, at most.',
    default: 2,
    min: 1,
    max: 64,
    group: pace,
  }),
  sourceAssociations: count({
    describe: 'How many questions and transfers the source modality bears at the same time.',
    default: 2,
    min: 1,
    max: 64,
    idleUnless: { sourceModality: 'set' },
    group: pace,
  }),
  destinationAssociations: count({
    describe: 'How many questions and transfers the destination bears at the same time.',
    default: 2,
    min: 1,
    max: 64,
    group: pace,
  }),
  imagesPerMinute: count({
    describe:
      'Images that are fetched or sent per minute, on average at most. Without it, as fast as it goes.',
    min: 1,
    group: pace,
  }),
  maxRetries: count({
    describe: 'How often a study, or a question, is tried again without any progress before it is set aside.',
    default: 5,
    max: 1000,
    group: pace,
  }),
  constantRetryDelays: toggle({
    describe: 'Wait a minute before each new try, in place of growing times (5 s to an hour).',
    group: pace,
  }),
  stallLimit: duration({
    describe:
      'How long a transfer may bring nothing before it is cancelled, and what is missing is fetched series by series. Allow for archives that have to load a tape.',
    default: '5m',
    min: '1s',
    group: pace,
  }),
  transferLimit: duration({
    describe: 'How long a single transfer may take in all.',
    default: '4h',
    min: '1s',
    group: pace,
  }),
  closingLimit: duration({
    describe:
      'How long a transfer may go on after the running hours have ended; then it is cancelled, and what is missing is fetched when they begin again.',
    default: '15m',
    group: pace,
  }),
  orthancSpaceThreshold: count({
    describe:
      'Megabytes (of 1,048,576 bytes) on the disk of Orthanc above which nothing is fetched, until others have made room. 0: no limit.',
    default: 0,
    group: pace,
  }),
  exitOnError: toggle({ describe: 'End the run at the first study that is set aside.', group: pace }),
  errorLogPath: filePath({
    written: 'in place',
    describe:
      'File to which each study that is set aside, or was gone before it was migrated, is added: StudyDate;StudyInstanceUID;PatientID;PatientName;StudyDescription. It holds patient data, as the ledger does then.',
    placeholder: 'FILE',
    group: records,
  }),
  csvReport: filePath({
    written: 'anew',
    describe:
      'CSV with a line per study, one per image that is missing, and one per search that was set aside. It holds UIDs and no patient data.',
    placeholder: 'FILE',
    checkBeside: (path, { report }) =>
      path === report ? `names the same file as ${nameOf('report')}` : undefined,
    group: records,
    example: 'migration.csv',
  }),
  ...signOffOptions({
    holds: 'It holds UIDs and no patient data.',
    otherThan: ['report', 'csvReport'],
    group: records,
    example: 'migration.html',
  }),
  ...ledgerOptions({
    records: 'what was migrated and proved',
    example: '/status/migrator.ledger.sqlite',
    group: records,
    otherThan: 'report',
  }),
  ...schedulingOptions,
  ...telemetryOptions,
  ...runtimeOptions,
});

export type MigratorOptions = OptionsOf<typeof migratorOptions>;
