import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { executionTimes, parseExecutionTimes, schedulingOptions } from '@orthanc-tools/scheduling';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import {
  type OptionsOf,
  count,
  declareOptions,
  duration,
  filePath,
  nameOf,
  parseSize,
  text,
  toggle,
  url,
  withoutOptions,
} from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { ledgerOptions } from '@orthanc-tools/work-ledger';

const orthanc = orthancOptions('orthanc');
// The address of the other Orthanc stands in --only-if-at.
const dest = withoutOptions(orthancOptions('dest'), 'destUrl');

/** It looks at the ledger, which without a path is found by the server. */
const commands = ['status', 'requeue'];
const [retention, safety, pace] = ['Retention', 'Safety', 'Pace and disk'];

const sizeFault = (written: string): string | undefined =>
  parseSize(written) === undefined ? 'must be a size, such as 400GB' : undefined;

export const cleanerOptions = declareOptions({
  ...orthanc,
  orthancUrl: url({
    describe: 'Address of the REST API of the Orthanc to clean.',
    required: true,
    group: 'Orthanc',
    flags: ['url'],
    commands,
    credentialsThrough: '--user and --password',
    example: 'http://orthanc-a:8042',
  }),
  labelsFilePath: filePath({
    describe:
      'File with the rules: the CSV of the Python tool (label, weeks, and, if wanted, modality and accession number), or, where its name ends in .yml, .yaml or .json, YAML or JSON with everything that rules can say. Read anew before each run.',
    required: true,
    aliases: ['rulesFile', 'rules'],
    group: retention,
    placeholder: 'FILE',
    example: '/etc/orthanc-tools/rules.yml',
  }),
  executionTime: text({
    describe:
      'When to clean, every day: a time such as 2:30 or 23:30:14, several separated by commas; or cron expressions such as "0 2 * * 1-5", several separated by semicolons. In the time zone of --timezone.',
    default: '2:30',
    aliases: ['executionTimes'],
    check(written) {
      const times = parseExecutionTimes(written);
      if ('fault' in times) return times.fault;
      // Such as on the 30th of February: it would be waited for in vain, and nothing said of it.
      const never = times.patterns.findIndex((one) => !executionTimes(one, 'UTC').nextAfter(new Date()));
      return never < 0 ? undefined : `names a time that never comes: ${times.names[never] ?? ''}`;
    },
    placeholder: 'TIME',
    group: retention,
  }),
  once: toggle({ describe: 'Clean now, once, and end.', group: retention }),
  dryRun: toggle({
    describe:
      'Only say what would be deleted now, study by study, and end. Nothing is changed in Orthanc, and another place is not asked for each study.',
    group: retention,
  }),
  maxStudies: count({
    describe:
      'Fuse: when more studies than this are due, none is deleted until somebody says a higher number.',
    default: 1000,
    group: safety,
  }),
  maxPercent: count({
    describe:
      'Fuse: the same, in per cent of all studies in Orthanc. Up to ten studies are too many only where no other would be left, or with 0.',
    default: 20,
    max: 100,
    group: safety,
  }),
  quarantineDays: count({
    describe:
      'What is due is labelled first, and deleted after so many days, if it still has the label and is still due. 0 deletes at once, and keeps what is in quarantine.',
    default: 0,
    max: 3650,
    guards: true,
    group: safety,
  }),
  quarantineLabel: text({
    describe:
      'That label. Whoever takes it off keeps the study, until the label is put back or the ledger is lost. What was labelled before another one was named stays in quarantine under its own.',
    default: 'to-be-deleted',
    check: (label) =>
      /^[A-Za-z0-9_-]{1,64}$/.test(label) ? undefined : 'must consist of letters, digits, "-" and "_"',
    group: safety,
  }),
  onlyIfAt: text({
    describe:
      'Delete only what is also there: an alias among the modalities of the Orthanc, which is asked for each instance (C-FIND), or the address of another Orthanc, which must hold the same bytes (what came there by C-STORE mostly has others).',
    placeholder: 'MODALITY|URL',
    guards: true,
    group: safety,
    example: 'pacs',
  }),
  auditTrail: filePath({
    written: 'in place',
    describe:
      'File to which a line of JSON is added for every plan and every deletion, each chained to the one before by its hash. Without it, it lies beside the ledger.',
    placeholder: 'FILE',
    group: safety,
    example: '/status/cleaner.audit.jsonl',
  }),
  ...ledgerOptions({
    records: 'which studies are in quarantine and which deletion was begun',
    example: '/status/cleaner.ledger.sqlite',
    group: safety,
    otherThan: 'auditTrail',
  }),
  pace: count({
    describe:
      'For how much of the time, in per cent, Orthanc is to delete; in between it answers others undisturbed. 100 deletes without a pause.',
    default: 50,
    min: 1,
    max: 100,
    group: pace,
  }),
  portion: count({
    describe:
      'How many instances Orthanc is told to delete at once; a study is not divided for it. More than 1,000 are so many only where they are one study.',
    default: 100,
    min: 1,
    max: 10_000,
    group: pace,
  }),
  patience: duration({
    describe:
      'How long a run waits for an Orthanc that does not answer, before the rest is left for the next run.',
    default: '10m',
    group: pace,
  }),
  diskHighMark: text({
    describe:
      'From this size of what Orthanc holds on, rules with "onlyWhenDiskIsFull" apply too, by their priority.',
    check: sizeFault,
    placeholder: 'SIZE',
    group: pace,
    example: '400GB',
  }),
  diskLowMark: text({
    describe:
      'Such rules delete no more than it takes to come down to this size. Without it, to --disk-high-mark.',
    check: sizeFault,
    checkBeside: (low, { diskHighMark: high }) =>
      typeof high === 'string' && (parseSize(low) ?? 0) > (parseSize(high) ?? 0)
        ? `must not be more than ${nameOf('diskHighMark')}, which is ${high}`
        : undefined,
    idleUnless: { diskHighMark: 'set' },
    placeholder: 'SIZE',
    group: pace,
    example: '350GB',
  }),
  ...dest,
  ...schedulingOptions,
  timezone: {
    ...schedulingOptions.timezone,
    describe:
      'Time zone of the execution time, of the running hours, and of the days by which the age of a study counts, such as Europe/Berlin. Otherwise TZ, or the zone of the system.',
  },
  ...telemetryOptions,
  ...runtimeOptions,
});

export type CleanerOptions = OptionsOf<typeof cleanerOptions>;
