import type { Tool } from '@orthanc-tools/tool-runtime';
import { journalPlace } from './journal-place.ts';
import { hl7ServerOptions } from './options.ts';
import { ownCommands } from './own-commands.ts';

declare const TOOL_VERSION: string | undefined;

export const hl7ServerTool: Tool<typeof hl7ServerOptions> = {
  name: 'hl7-server',
  command: 'orthanc-hl7-server',
  summary: 'Takes HL7 orders by MLLP and makes DICOM worklists of them, which Orthanc serves.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: hl7ServerOptions,
  examples: [
    'orthanc-hl7-server --folder /worklists',
    'orthanc-hl7-server --orthanc-url http://orthanc-a:8042',
    'orthanc-hl7-server try --profile /etc/orthanc-tools/profile.yml order.hl7',
    'orthanc-hl7-server replay --refused',
    'orthanc-hl7-server doctor --folder /worklists',
  ],
  notes: [
    'An order is answered with AA once its worklist is on the disk, or at Orthanc, and not before; with AE or AR, and why, otherwise. It runs until Ctrl-C or SIGTERM, and answers what it has taken before it ends.',
  ],
  // Loaded when used: --help needs none of it.
  run: async (options, context) => (await import('./run-server.ts')).runServer(options, context),
  doctor: async (options, { stateFolder }) =>
    (await import('./examine-server.ts')).examineSetup(options, stateFolder),
  work: {
    items: ['message', 'messages'],
    parts: ['open step', 'open steps'],
    open: async ({ journalPath }, { stateFolder }) =>
      (await import('./journal-view.ts')).viewJournal(journalPlace(journalPath, stateFolder)),
  },
  commands: ownCommands,
};
