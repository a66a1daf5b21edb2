import { asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type Content, wholeContent } from './content.ts';
import { encapsulatePdf, studyAttributes } from './encapsulate-pdf.ts';
import { type FolderStudy, type KnownStudy, folderOf } from './folder-studies.ts';
import { identify } from './identify.ts';
import { type Outcome, aside } from './outcome.ts';
import { type StoreContext, storeContents } from './store-contents.ts';

/** Stores a PDF, read from the file with this key, as an instance of the study of its folder. */
export type DicomizePdf = (key: string, pdf: Content, context: StoreContext) => Promise<Outcome>;

/** It is held as a whole (bytes). */
const largestPdf = 256 * 1024 * 1024;

export const dicomizePdf =
  (folders: ReadonlyMap<string, FolderStudy>): DicomizePdf =>
  async (key, pdf, context) => {
    const study = folders.get(folderOf(key));
    if (study === undefined || 'code' in study)
      return aside('not-dicom', pdf.size, [study?.code ?? 'PDF', study?.reason ?? 'A PDF.']);
    try {
      const instance = await inStudy(study, key, pdf, context);
      const [outcome] = await storeContents([wholeContent(instance)], context);
      if (outcome === undefined) throw new Error('a PDF was left without an outcome');
      return outcome;
    } catch (error) {
      const failure = asFailure(error);
      if (failure === undefined) throw error;
      return { status: 'refused', size: pdf.size, studyId: study.studyId, failure };
    }
  };

async function inStudy(
  { studyId, imageId }: KnownStudy,
  key: string,
  pdf: Content,
  { orthanc, signal }: StoreContext,
): Promise<Buffer> {
  if (pdf.size > largestPdf)
    throw permanentFailure('PDF_TOO_LARGE', 'A PDF of more than 256 MB is not encapsulated.');
  const image = await orthanc.call({
    method: 'GET',
    path: `/instances/${imageId}/simplified-tags`,
    route: '/instances/{id}/simplified-tags',
    signal,
  });
  const pieces: Buffer[] = [];
  for await (const piece of pdf.body()) pieces.push(piece);
  const instance = await encapsulatePdf(Buffer.concat(pieces), titleOf(key), studyAttributes(image));
  // What Orthanc makes of the identifiers decides whose it is, so it is looked at before anything is sent.
  if (identify(instance)?.studyId !== studyId)
    throw permanentFailure('PDF_STUDY_DIFFERS', 'The attributes of the study cannot be written as they are.');
  return instance;
}

const titleOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace(/\.pdf$/i, '');
