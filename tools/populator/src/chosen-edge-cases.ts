import { type EdgeCaseName, edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';

/** Each once, in the catalogue's order. @throws `OPTIONS_INVALID` for a word that is not in it */
export function chosenEdgeCases(words: readonly string[] = []): EdgeCaseName[] {
  const names = edgeCases.map(({ name }) => name);
  const permitted: readonly string[] = ['all', ...names];
  const unknown = words.find((word) => !permitted.includes(word));
  if (unknown !== undefined) {
    const message = `${nameOf('edgeCases')} must be of ${permitted.join(', ')}, not "${unknown}".`;
    throw configurationError('OPTIONS_INVALID', message);
  }
  return words.includes('all') ? names : names.filter((name) => words.includes(name));
}
