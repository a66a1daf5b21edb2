import type { Tool } from '@orthanc-tools/tool-runtime';
import { populatorOptions } from './options.ts';

declare const TOOL_VERSION: string | undefined;

// What is not needed for --help is loaded when it is needed.
export const populatorTool: Tool<typeof populatorOptions> = {
  name: 'populator',
  command: 'orthanc-populator',
  summary:
    'Fills an Orthanc with synthetic studies that look like those of a hospital: the same seed gives the same files, byte for byte.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: populatorOptions,
  examples: [
    'orthanc-populator --url http://orthanc-a:8042 --studies 50 --seed 7',
    'orthanc-populator --url http://orthanc-a:8042 --modality CT --image-width 512 --image-height 512 --image-content-type Phantom',
    'orthanc-populator --output /tmp/studies --studies 10 --manifest /tmp/studies.jsonl',
    'orthanc-populator --url http://orthanc-a:8042 --studies 0 --edge-cases',
    'orthanc-populator --dry-run --studies 5000',
    'orthanc-populator doctor --url http://orthanc-a:8042',
  ],
  notes: ['A second run with the same options stores nothing twice: what is there already is left as it is.'],
  run: async (options, context) => (await import('./run-populator.ts')).runPopulator(options, context),
  doctor: async (options) => (await import('./examine-population.ts')).examinePopulation(options),
};
