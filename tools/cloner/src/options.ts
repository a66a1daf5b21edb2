import { orthancOptions } from '@orthanc-tools/orthanc-client';
import { schedulingOptions } from '@orthanc-tools/scheduling';
import { signOffOptions } from '@orthanc-tools/sign-off';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import { count, declareOptions, filePath, oneOf, toggle } from '@orthanc-tools/tool-options';
import { runtimeOptions } from '@orthanc-tools/tool-runtime';
import { ledgerOptions } from '@orthanc-tools/work-ledger';

const source = orthancOptions('source');
const dest = orthancOptions('dest');

/** They look at the ledger, which without a path is found by the pair of servers. */
const commands = ['status', 'requeue'];

export const clonerOptions = declareOptions({
  ...source,
  sourceUrl: { ...source.sourceUrl, commands },
  ...dest,
  destUrl: { ...dest.destUrl, commands },
  mode: oneOf(['Default'], {
    describe: 'How images travel: Default reads them from the source and stores them at the destination.',
    default: 'Default',
    group: 'Copy',
  }),
  existingChangesOnly: toggle({
    describe:
      'End when everything that is there has been copied and proved, instead of following the source.',
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
  ...schedulingOptions,
  ...telemetryOptions,
  ...runtimeOptions,
});
