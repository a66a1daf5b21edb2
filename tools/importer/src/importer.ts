import type { Finding } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import type { RunContext, Tool } from '@orthanc-tools/tool-runtime';
import { readLedger } from '@orthanc-tools/work-ledger';
import { examineOrthanc } from './examine-orthanc.ts';
import { examinePlaces } from './examine-places.ts';
import { ledgerPlace } from './ledger-place.ts';
import { type ImporterOptions, importerOptions } from './options.ts';
import { runImporter } from './run-importer.ts';

declare const TOOL_VERSION: string | undefined;

/** Nothing is changed; whatever cannot be asked costs that finding only. */
async function diagnose(options: ImporterOptions, { stateFolder }: RunContext): Promise<Finding[]> {
  const [server, places] = await Promise.all([
    examineOrthanc(() => connectionFrom(options, 'orthanc'), (options.labelsList ?? []).length > 0),
    examinePlaces({
      ...options,
      folder: options.folderPath,
      ledgerPath: ledgerPlace(options, stateFolder),
    }),
  ]);
  return [...server, ...places];
}

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
  run: runImporter,
  doctor: diagnose,
  openWork: (options, { stateFolder }) => readLedger(ledgerPlace(options, stateFolder)),
};
