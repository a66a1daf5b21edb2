import type { Tool } from '@orthanc-tools/tool-runtime';
import { comparatorOptions } from './options.ts';
import { version } from './version.ts';

// What is not needed for --help is loaded when it is needed.
export const comparatorTool: Tool<typeof comparatorOptions> = {
  name: 'comparator',
  command: 'orthanc-comparator',
  summary:
    'Tells what differs between an Orthanc and a PACS, down to the instance, and repairs it where that is wanted.',
  version,
  options: comparatorOptions,
  examples: [
    'orthanc-comparator --url http://orthanc-a:8042 --modality pacs --from-study-date 20220201 --to-study-date 20220302',
    'orthanc-comparator --url http://orthanc-a:8042 --modality pacs --from-study-date 20220201 --to-study-date 20220302 --level Instance --html-report comparison.html',
    'orthanc-comparator --url http://orthanc-a:8042 --dest-url http://orthanc-b:8042 --level Hash --days-to-compare 7',
    'orthanc-comparator --url http://orthanc-a:8042 --audit',
    'orthanc-comparator doctor --url http://orthanc-a:8042 --modality pacs',
  ],
  notes: [
    'Nothing is called missing before the other side was asked for it by its UID; what could not be asked is told as such, and is no difference.',
  ],
  run: async (options, context) => (await import('./run-comparator.ts')).runComparator(options, context),
  doctor: async (options, context) =>
    (await import('./examine-comparison.ts')).examineComparison(options, context),
};
