import { contentOf } from '@orthanc-tools/dicom-files';

/** What a file says, in a form that needs no memory. */
export interface Gist {
  readonly transferSyntax: string | undefined;
  readonly whole: string;
  readonly besidesImage: string;
}

export type Likeness = 'same' | 'different' | 'compressed otherwise';

/** @throws permanent `DICOM_UNREADABLE`; `DICOM_TOO_LARGE` above `largest` bytes, once it is inflated */
export function gistOf(file: Uint8Array, largest: number): Gist {
  const content = contentOf(file, largest);
  return {
    transferSyntax: content.transferSyntax,
    whole: content.whole(),
    besidesImage: content.besidesImage(),
  };
}

/** Of two DICOM files that are not the same bytes. */
export function likenessOf(here: Gist, there: Gist): Likeness {
  if (here.whole === there.whole) return 'same';
  const isRecoded = here.transferSyntax !== there.transferSyntax;
  return isRecoded && here.besidesImage === there.besidesImage ? 'compressed otherwise' : 'different';
}
