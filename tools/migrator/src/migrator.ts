import type { Tool } from '@orthanc-tools/tool-runtime';
import { readLedger } from '@orthanc-tools/work-ledger';
import { examineMigration } from './examine/examine-migration.ts';
import { ledgerPlace } from './ledger-place.ts';
import { migratorOptions } from './options.ts';
import { planMigration } from './plan-migration.ts';
import { runMigrator } from './run-migrator.ts';

declare const TOOL_VERSION: string | undefined;

export const migratorTool: Tool<typeof migratorOptions> = {
  name: 'migrator',
  command: 'orthanc-migrator',
  summary:
    'Migrates studies from a modality, or from Orthanc, to a modality or another Orthanc, and proves every image there.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: migratorOptions,
  examples: [
    'orthanc-migrator --url http://orthanc:8042 --source-modality old-pacs --from-study-date 20241231 --to-study-date 20000101',
    'orthanc-migrator --url http://orthanc:8042 --source-modality old-pacs --destination-modality new-pacs --studies-file first.csv',
    'orthanc-migrator plan --url http://orthanc:8042 --source-modality old-pacs --from-study-date 20000101 --to-study-date 20241231',
    'orthanc-migrator doctor --url http://orthanc:8042 --source-modality old-pacs --destination-modality new-pacs',
  ],
  notes: [
    'SIGUSR2 pauses a run and SIGCONT lets it go on; SIGTERM ends it after what is in hand.',
    'Nothing is deleted unless --delete-from-source says so, and then only what is proved at the destination.',
  ],
  run: runMigrator,
  plan: planMigration,
  doctor: examineMigration,
  ownFiles: (options, { stateFolder }) => [ledgerPlace(options, stateFolder)],
  work: {
    items: ['study or search', 'studies and searches'],
    parts: ['image', 'images'],
    open: (options, { stateFolder }) => readLedger(ledgerPlace(options, stateFolder), { tool: 'migrator' }),
  },
};
