import type { Ask } from './ask.ts';
import { list, optionalText, plainText, record } from './json-fields.ts';

export const parsePlugins = (value: unknown): string[] => list(value, 'the answer', plainText);

/** The plugin tells where its own page lies: `../dicom-web/app/client/index.html`, relative to `/app/`. */
function dicomWebRootIn(value: unknown): string {
  const page = optionalText(record(value, 'the answer'), 'RootUri') ?? '';
  const root = /^(?:\.\.)?\/?(.+?)\/app\//.exec(page)?.[1];
  return `/${root ?? 'dicom-web'}`;
}

/** Path of the DICOMweb plugin; undefined when the server has none. */
export async function findDicomWebRoot(ask: Ask): Promise<string | undefined> {
  const plugins = await ask({ method: 'GET', path: '/plugins' }, parsePlugins);
  if (!plugins.includes('dicom-web')) return undefined;
  return ask({ method: 'GET', path: '/plugins/dicom-web' }, dicomWebRootIn);
}
