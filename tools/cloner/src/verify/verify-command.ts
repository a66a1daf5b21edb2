import { declareOptions, filePath, toggle } from '@orthanc-tools/tool-options';
import type { ToolCommand } from '@orthanc-tools/tool-runtime';

const group = 'This command';

const verifyOptions = declareOptions({
  json: toggle({ group, flagOnly: true, describe: 'Print the result as JSON instead of text.' }),
  csv: filePath({
    written: 'in place',
    group,
    flagOnly: true,
    describe: 'File (CSV) with one line for each instance that differs.',
    example: 'differences.csv',
  }),
});

/** Compares both archives after the fact; changes nothing at either. */
export const verifyCommand: ToolCommand = {
  name: 'verify',
  summary:
    'Compare all that both servers hold, in both directions, by IDs, counts and MD5; changes nothing. Exit code 4 when they differ.',
  options: verifyOptions,
  perform: async (values, context) => (await import('./verify-archives.ts')).verifyArchives(values, context),
};
