import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { optionalText, record } from './json-fields.ts';

/** The plugin tells where its own page lies: `../dicom-web/app/client/index.html`, relative to `/app/`. */
function dicomWebRootIn(value: unknown): string {
  const page = optionalText(record(value, 'the answer'), 'RootUri') ?? '';
  const root = /^(?:\.\.)?\/?(.+?)\/app\//.exec(page)?.[1];
  return `/${root ?? 'dicom-web'}`;
}

/** Path of the DICOMweb plugin; undefined when the server has none. */
export async function findDicomWebRoot(ask: Ask): Promise<string | undefined> {
  try {
    return await ask({ method: 'GET', path: '/plugins/dicom-web' }, dicomWebRootIn);
  } catch (error) {
    if (asFailure(error)?.code === 'ORTHANC_NOT_FOUND') return undefined;
    throw error;
  }
}
