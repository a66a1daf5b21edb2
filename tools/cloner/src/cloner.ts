import type { Tool } from '@orthanc-tools/tool-runtime';
import { readLedger } from '@orthanc-tools/work-ledger';
import { ledgerPlace } from './ledger-place.ts';
import { clonerOptions } from './options.ts';
import { verifyCommand } from './verify/verify-command.ts';

declare const TOOL_VERSION: string | undefined;

// What is not needed for --help is loaded when it is needed.
export const clonerTool: Tool<typeof clonerOptions> = {
  name: 'cloner',
  command: 'orthanc-cloner',
  summary:
    'Copies everything that one Orthanc holds into another, proves each instance there, and then follows the source for ever.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: clonerOptions,
  examples: [
    'orthanc-cloner --source-url http://orthanc-a:8042 --dest-url http://orthanc-b:8042',
    'orthanc-cloner --source-url http://a:8042 --dest-url http://b:8042 --existing-changes-only --report clone.json',
    'orthanc-cloner --source-url http://a:8042 --mode Dicom --dest-dicom pacs',
    'orthanc-cloner doctor --source-url http://a:8042 --dest-url http://b:8042',
  ],
  notes: [
    'Nothing is ever deleted or overwritten: what the destination holds with another content under the same identifiers is reported as CONTENT_CONFLICT.',
  ],
  run: async (options, context) => (await import('./run-cloner.ts')).runCloner(options, context),
  doctor: async (options, context) => (await import('./examine-clone.ts')).examineClone(options, context),
  ownFiles: (options, { stateFolder }) => [ledgerPlace(options, stateFolder).path],
  commands: [verifyCommand],
  work: {
    items: ['study', 'studies'],
    parts: ['instance', 'instances'],
    open: (options, { stateFolder }) =>
      readLedger(ledgerPlace(options, stateFolder).path, { tool: 'cloner' }),
  },
};
