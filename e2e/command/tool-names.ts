/** Of all tools: the folder below `tools`, and what follows "orthanc-" in the name of the command. */
export const toolNames = [
  'cleaner',
  'cloner',
  'comparator',
  'forwarder',
  'hl7-server',
  'importer',
  'migrator',
  'populator',
] as const;
