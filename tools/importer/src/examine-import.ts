import type { Finding } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { examineOrthanc } from './examine-orthanc.ts';
import { examinePlaces } from './examine-places.ts';
import { ledgerPlace } from './ledger-place.ts';
import type { ImporterOptions } from './options.ts';

/** Nothing is changed; whatever cannot be asked costs that finding only. */
export async function examineImport(
  options: ImporterOptions,
  { stateFolder }: RunContext,
): Promise<Finding[]> {
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
