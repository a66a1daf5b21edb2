import type { Tool } from '@orthanc-tools/tool-runtime';
import { readLedger } from '@orthanc-tools/work-ledger';
import { importTally } from './import-tally.ts';
import { ledgerPlace } from './ledger-place.ts';
import { importerOptions } from './options.ts';

declare const TOOL_VERSION: string | undefined;

// What is not needed for --help is loaded when it is needed.
export const importerTool: Tool<typeof importerOptions> = {
  name: 'importer',
  command: 'orthanc-importer',
  summary:
    'Uploads the DICOM files of a folder, of its ZIPs too, to an Orthanc and proves each instance there.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: importerOptions,
  examples: [
    'orthanc-importer --folder-path /import --url http://orthanc-a:8042 --manifest manifest.csv',
    'orthanc-importer --folder-path /import --dry-run',
    'orthanc-importer --folder-path /inbox --url http://orthanc-a:8042 --watch --when-done delete',
    'orthanc-importer doctor --folder-path /import --url http://orthanc-a:8042',
  ],
  notes: [
    'Unless --when-done says so, nothing in the folder is changed; nothing at Orthanc is overwritten: what it holds with other content under the same identifiers is reported as CONTENT_CONFLICT.',
  ],
  run: async (options, context) => (await import('./run-importer.ts')).runImporter(options, context),
  doctor: async (options, context) => (await import('./examine-import.ts')).examineImport(options, context),
  ownFiles: (options, { stateFolder }) => [ledgerPlace(options, stateFolder)],
  checkPlaces: async (options) => (await import('./check-not-imported.ts')).checkNothingImported(options),
  work: {
    items: ['file', 'files'],
    parts: ['instance', 'instances'],
    open: (options, { stateFolder }) => {
      const view = readLedger(ledgerPlace(options, stateFolder), { tool: 'importer' });
      return { ...view, tally: () => importTally(view.tally()) };
    },
  },
};
