import { contentOf } from '@orthanc-tools/dicom-files';

export type Likeness = 'same' | 'different' | 'compressed otherwise';

/** Of two DICOM files that are not the same bytes. @throws permanent `DICOM_UNREADABLE` */
export function likenessOf(file: Buffer, other: Buffer): Likeness {
  const [here, there] = [contentOf(file), contentOf(other)];
  if (here.whole() === there.whole()) return 'same';
  const isRecoded = here.transferSyntax !== there.transferSyntax;
  return isRecoded && here.besidesImage() === there.besidesImage() ? 'compressed otherwise' : 'different';
}
