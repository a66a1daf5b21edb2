import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { schedulingOptions } from '@orthanc-tools/scheduling';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  count,
  declareOptions,
  duration,
  filePath,
  oneOf,
  parseSize,
  text,
  textList,
  toggle,
  url,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { ledgerOptions } from '@orthanc-tools/work-ledger';
import { modes, verifications } from './destination.ts';
import { parsePercent } from './disk/disk-limit.ts';
import { triggers } from './unit.ts';

const source = orthancOptions('source');
const dest = orthancOptions('dest');

/** They look at the ledgers, which without a path are found by the inbox. */
const commands = ['status', 'requeue'];
const group = 'Forwarding';

export const forwarderOptions = declareOptions({
  ...source,
  sourceUrl: { ...source.sourceUrl, commands },
  trigger: oneOf(triggers, {
    describe:
      'What is forwarded as a whole, and when: a study or series when nothing more arrives for it, or each instance at once.',
    required: true,
    group,
  }),
  destination: textList({
    describe:
      'Where to: alias of the modality, DICOMweb server or peer in the configuration of the source. Several, separated by commas, all get everything.',
    commands,
    group,
    example: 'pacs',
  }),
  destinationsFile: filePath({
    describe:
      'File (YAML or JSON) with the destinations, where they are to differ: by mode, filter, priority, alternate way or processing. Instead of the options for one destination.',
    conflictsWith: ['destination', 'mode', 'destUrl'],
    placeholder: 'FILE',
    group,
    example: '/etc/orthanc-tools/destinations.yml',
  }),
  hooks: filePath({
    describe:
      'JavaScript module with functions of your own: which studies and instances a destination gets, what is changed of them on the way, and whom to tell. Wins over what the destinations file names.',
    placeholder: 'FILE',
    group,
    example: '/etc/orthanc-tools/hooks.mjs',
  }),
  hookTimeout: duration({
    describe: 'How long a function of that module may take; until it has answered, nothing leaves.',
    default: '30s',
    min: '100ms',
    group,
  }),
  mode: oneOf(modes, {
    describe:
      'How it travels. By DICOM or DICOMweb, as a whole or series by series; to a peer; to a peer by the transfers accelerator; or, with orthanc, to the Orthanc at --dest-url.',
    default: 'dicom',
    group,
  }),
  verify: oneOf(verifications, {
    describe:
      'What must be known before anything is deleted at the source. hash: the destination holds the same bytes (another Orthanc that can be asked). image: it tells the instance when asked, and did not before it was sent (C-FIND or storage commitment, QIDO-RS). count: it tells the instance, whoever sent it. none: sending was answered with success, as with the Python tool. Without it, the strongest that the destination allows; where nothing can be asked, everything is kept.',
    group,
  }),
  keepDays: count({
    describe:
      'How many days what was proved everywhere is kept at the source, from the last proof on; another number holds at the next start, also for what was proved before.',
    default: 0,
    max: 36_500,
    group,
  }),
  diskThreshold: text({
    describe:
      'From how much on the source is nearly full: a size of what it holds, or a share of --disk-capacity. Then the operator is told, and what can be deleted soonest goes first. Nothing is deleted that is not proved.',
    check: (written) =>
      parseSize(written) === undefined && parsePercent(written) === undefined
        ? 'must be a size or a share, such as 400GB or 85%'
        : undefined,
    placeholder: 'SIZE',
    group,
    example: '85%',
  }),
  diskCapacity: text({
    describe:
      'How much the source can hold, as Orthanc does not tell the size of its disk. Without it, its MaximumStorageSize.',
    check: (written) => (parseSize(written) === undefined ? 'must be a size, such as 500GB' : undefined),
    idleUnless: { diskThreshold: 'set' },
    placeholder: 'SIZE',
    group,
    example: '500GB',
  }),
  keepDaysWhenFull: count({
    describe:
      'How many days what was proved everywhere is kept while the source is above --disk-threshold. Without it, as many as otherwise.',
    idleUnless: { diskThreshold: 'set' },
    max: 36_500,
    group,
  }),
  quietTime: duration({
    describe: 'How long nothing may have arrived for a study or series, beside that Orthanc calls it stable.',
    default: '10s',
    group,
  }),
  jobTimeout: duration({
    describe:
      'How long a job of the inbox that sends may make no progress before it is cancelled, and what it was to send is tried again. One that waits for its turn is not held to it.',
    default: '1h',
    min: '1s',
    group,
  }),
  workerThreadsCount: count({
    describe:
      'How much is sent to a destination at the same time, at most; the forwarder finds the best number below it.',
    default: 4,
    min: 1,
    max: 256,
    group,
  }),
  pollingInterval: duration({
    describe: 'How often the source is asked for what has arrived.',
    default: '1s',
    min: '100ms',
    bareUnit: 's',
    group,
  }),
  maxRetries: count({
    describe: 'How often something is tried again without any progress before it is set aside.',
    default: 20,
    min: 0,
    max: 1000,
    group,
  }),
  existingChangesOnly: toggle({
    describe: 'End when everything that is there has been forwarded, instead of waiting for more.',
    group,
  }),
  transferLog: filePath({
    written: 'in place',
    describe:
      'File to which a line of JSON is added for everything that was sent and for everything that was deleted: when, where, how many instances, by which proof.',
    placeholder: 'FILE',
    group,
    example: '/status/transfers.jsonl',
  }),
  ...ledgerOptions({
    records: 'what was sent, proved and deleted',
    example: '/status/forwarder.ledger.sqlite',
    group,
    otherThan: 'report',
  }),
  keepRecordsDays: count({
    describe:
      'How many days the ledger still knows each unit that has ended and is gone from the source. After that it is only counted; the transfer log keeps its lines.',
    default: 30,
    min: 1,
    max: 36_500,
    group,
  }),
  ...dest,
  destUrl: url({
    describe:
      'Address of the REST API of the destination, where it is an Orthanc: needed by the mode orthanc, and by peering and transfer for any proof.',
    group: 'Destination Orthanc',
    requiredWhen: { mode: ['orthanc'] },
    credentialsThrough: '--dest-user and --dest-pwd',
    example: 'http://orthanc-b:8042',
  }),
  ...schedulingOptions,
  ...telemetryOptions,
  ...runtimeOptions,
});
