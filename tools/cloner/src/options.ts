import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { schedulingOptions } from '@orthanc-tools/scheduling';
import { signOffOptions } from '@orthanc-tools/sign-off';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  type OptionTable,
  type OptionsOf,
  count,
  declareOptions,
  duration,
  filePath,
  nameOf,
  oneOf,
  text,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { ledgerOptions } from '@orthanc-tools/work-ledger';
import { bandwidthOptions } from './bandwidth/bandwidth-option.ts';
import { filterOptions } from './filters/filter-options.ts';
import { belongingsOptions } from './belongings/belongings-options.ts';

/** `verify` asks both servers too. */
const alsoForVerify = <Table extends OptionTable>(table: Table): Table =>
  Object.fromEntries(
    Object.entries(table).map(([key, entry]) => [key, { ...entry, commands: [...entry.commands, 'verify'] }]),
    // The same entries under the same keys.
  ) as unknown as Table;

const source = alsoForVerify(orthancOptions('source'));
const dest = alsoForVerify(orthancOptions('dest'));

/** The first two look at the ledger, which without a path is found by the pair of servers. */
const commands = ['status', 'requeue', 'verify'];

const labelFault = (label: string) =>
  /^[A-Za-z0-9_-]+$/.test(label)
    ? undefined
    : 'must be a label as Orthanc has them: letters, digits, _ and -';

export const clonerOptions = declareOptions({
  ...source,
  sourceUrl: { ...source.sourceUrl, commands },
  ...dest,
  destUrl: url({
    describe:
      'Address of the REST API of the Destination Orthanc. The modes in which the source sends by itself work without it, but most of what they send can then not be proved.',
    requiredWhen: { mode: ['Auto', 'Default'] },
    credentialsThrough: '--dest-user and --dest-pwd',
    commands,
    group: 'Destination Orthanc',
    example: 'http://orthanc-b:8042',
  }),
  mode: oneOf(['Auto', 'Default', 'Peering', 'Transfer', 'Dicom'], {
    describe:
      'How images travel. Default: through the cloner, from the source to the destination. Peering: the source sends them to a peer; Transfer: by the transfers accelerator; Dicom: to a modality, by C-STORE. Auto: Peering where the source is seen to reach the destination itself and nearby, and the cloner is far from them or the peer is named; otherwise Default.',
    default: 'Auto',
    synonyms: { peer: 'Peering' },
    checkBeside: (mode, { destUrl, destPeer }) =>
      (mode === 'Peering' || mode === 'Transfer') && destUrl === undefined && destPeer === undefined
        ? `${mode} needs --dest-peer (DEST_PEER), or --dest-url (DEST_URL) by which the peer is found`
        : undefined,
    group: 'Copy',
  }),
  destPeer: text({
    describe:
      'Alias of the destination among the peers of the source, for Peering and Transfer. Without it, the peer that is the Orthanc at --dest-url is found.',
    idleWhen: { mode: ['Default', 'Dicom'] },
    commands,
    group: 'Copy',
    example: 'orthanc-b',
  }),
  destDicom: text({
    describe: 'Alias of the destination among the modalities of the source, for Dicom.',
    requiredWhen: { mode: ['Dicom'] },
    idleUnless: { mode: ['Dicom'] },
    commands,
    group: 'Copy',
    example: 'pacs',
  }),
  transferCompression: oneOf(['gzip', 'none'], {
    describe:
      'Whether the transfers accelerator compresses what it sends: large images gain little and cost much.',
    default: 'gzip',
    idleUnless: { mode: ['Transfer'] },
    group: 'Copy',
  }),
  jobTimeout: duration({
    describe:
      'How long a job by which the source sends may make no progress before it is cancelled. One that waits for its turn is not held to it.',
    default: '10m',
    min: '1s',
    idleWhen: { mode: ['Default'] },
    group: 'Copy',
  }),
  trigsOnStableStudy: toggle({
    describe:
      'Copy a study once nothing more arrives for it (Orthanc calls it stable), instead of what arrives at once. Transfer always does.',
    group: 'Copy',
  }),
  successLabel: text({
    describe:
      'Label that a study gets at the source once all of it is proved at the destination; what is only accepted gets none. Takes the failure label away.',
    check: labelFault,
    checkBeside: (label, { failureLabel }) =>
      label === failureLabel ? `is the same label as ${nameOf('failureLabel')}` : undefined,
    group: 'Copy',
    example: 'cloned',
  }),
  failureLabel: text({
    describe:
      'Label that a study gets at the source when a visit could not bring all of it. Takes the success label away.',
    check: labelFault,
    group: 'Copy',
    example: 'not-cloned',
  }),
  existingChangesOnly: toggle({
    describe:
      'End when everything that is there has been copied and proved, instead of following the source.',
    group: 'Copy',
  }),
  dryRun: toggle({
    describe:
      'Count what would be copied, say how long that may take, and end: nothing is written, neither at a server nor in a ledger.',
    conflictsWith: ['htmlReport'],
    group: 'Copy',
  }),
  proveAgain: toggle({
    describe:
      'Look at every study on both sides again, also at those that the ledger holds as proved. What is missing is copied.',
    group: 'Copy',
  }),
  workerThreadsCount: count({
    describe:
      'How many studies are copied at the same time, at most; the cloner finds the best number below it.',
    default: 16,
    min: 1,
    max: 256,
    aliases: ['workersThreadCount'],
    group: 'Copy',
  }),
  maxRetries: count({
    describe: 'How often a study is tried again without any progress before it is set aside.',
    default: 5,
    min: 0,
    max: 1000,
    group: 'Copy',
  }),
  ...bandwidthOptions,
  ...ledgerOptions({
    records: 'what was copied and proved',
    example: '/status/cloner.ledger.sqlite',
    group: 'Copy',
    otherThan: 'report',
  }),
  errorFolderPath: filePath({
    describe: 'Folder for one text file per study that was set aside.',
    group: 'Copy',
  }),
  ...signOffOptions({
    holds: 'It holds identifiers of Orthanc and no patient data.',
    otherThan: ['report'],
    group: 'Copy',
    example: 'clone.html',
  }),
  ...filterOptions,
  ...belongingsOptions,
  ...schedulingOptions,
  ...telemetryOptions,
  ...runtimeOptions,
});

export type ClonerOptions = OptionsOf<typeof clonerOptions>;
