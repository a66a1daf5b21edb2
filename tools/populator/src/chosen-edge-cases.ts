import { type EdgeCaseName, edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';

/** Each once, in the catalogue's order. */
export function chosenEdgeCases(words: readonly string[] = []): EdgeCaseName[] {
  const names = edgeCases.map(({ name }) => name);
  return words.includes('all') ? names : names.filter((name) => words.includes(name));
}
