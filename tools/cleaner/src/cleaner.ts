import { exitCodes } from '@orthanc-tools/failures';
import type { Tool } from '@orthanc-tools/tool-runtime';
import { readLedger } from '@orthanc-tools/work-ledger';
import { examineCleaning } from './examine/examine-cleaning.ts';
import { cleanerOptions } from './options.ts';
import { placesOf } from './run/places.ts';
import { runCleaner } from './run/run-cleaner.ts';
import { workViewOf } from './run/work-view.ts';

declare const TOOL_VERSION: string | undefined;

export const cleanerTool: Tool<typeof cleanerOptions> = {
  name: 'cleaner',
  command: 'orthanc-cleaner',
  summary: 'Deletes studies from an Orthanc when their retention is over, by rules, and never one too many.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: cleanerOptions,
  examples: [
    'orthanc-cleaner --url http://orthanc-a:8042 --labels-file-path rules.yml --dry-run',
    'orthanc-cleaner --url http://orthanc-a:8042 --labels-file-path rules.yml --execution-time 2:30',
    'orthanc-cleaner --url http://orthanc-a:8042 --labels-file-path rules.yml --quarantine-days 14 --only-if-at pacs',
    'orthanc-cleaner doctor --url http://orthanc-a:8042 --labels-file-path rules.yml',
  ],
  notes: [
    'Every study is looked at once more right before its deletion; only the instances that were planned are deleted, never a study with whatever has come meanwhile.',
  ],
  unusedExitCodes: [exitCodes.differences],
  ownFiles: (options, { stateFolder }) => Object.values(placesOf(options, stateFolder)),
  run: runCleaner,
  doctor: examineCleaning,
  work: {
    items: ['study', 'studies'],
    parts: ['instance', 'instances'],
    open: (options, { stateFolder }) =>
      workViewOf(
        readLedger(placesOf(options, stateFolder).ledger, { tool: 'cleaner' }),
        options.quarantineDays ?? 0,
      ),
  },
};
