import { type EdgeCaseName, edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import type { PopulatorOptions } from './populator.ts';

type Choice = Pick<PopulatorOptions, 'edgeCases' | 'output'>;

/** In the catalogue's order. All of them are those that their destination takes; who names one gets it. */
export function chosenEdgeCases({ edgeCases: words = [], output }: Choice): EdgeCaseName[] {
  const isForAll = words.includes('all');
  return edgeCases
    .filter(
      ({ name, isRefusedByOrthanc }) =>
        words.includes(name) || (isForAll && (isRefusedByOrthanc !== true || output !== undefined)),
    )
    .map(({ name }) => name);
}
