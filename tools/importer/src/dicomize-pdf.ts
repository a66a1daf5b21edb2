import { asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type SuspectedOrthanc, blamingOrthanc } from './blame-orthanc.ts';
import { type Content, wholeContent } from './content.ts';
import { encapsulatePdf, studyAttributes } from './encapsulate-pdf.ts';
import type { FolderStudy, KnownStudy } from './folder-studies.ts';
import { identify } from './identify.ts';
import { type Outcome, aside } from './outcome.ts';
import { type StoreContext, storeContents } from './store-contents.ts';

/** It is held as a whole (bytes). */
const largestPdf = 256 * 1024 * 1024;

/** Stores a PDF as an instance of the study of its folder. */
export async function dicomizePdf(
  study: FolderStudy | undefined,
  file: PdfFile,
  context: StoreContext & SuspectedOrthanc,
): Promise<Outcome> {
  const { size } = file.pdf;
  if (study === undefined || 'code' in study)
    return aside('not-dicom', size, [study?.code ?? 'PDF', study?.reason ?? 'A PDF.']);
  try {
    const [outcome] = await blamingOrthanc(context, async () => [await storeIn(study, file, context)]);
    return outcome ?? lost();
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    return { status: 'refused', size, studyId: study.studyId, failure };
  }
}

export interface PdfFile {
  /** Or its name in an archive: the title comes from it. */
  readonly key: string;
  readonly pdf: Content;
}

async function storeIn(study: KnownStudy, { key, pdf }: PdfFile, context: StoreContext): Promise<Outcome> {
  if (pdf.size > largestPdf)
    throw permanentFailure('PDF_TOO_LARGE', 'A PDF of more than 256 MB is not encapsulated.');
  const bytes = await hold(pdf);
  const attributes = studyAttributes(await tagsOf(study.imageId, context));
  const storeAs = async (title: string): Promise<Outcome> => {
    const instance = await encapsulatePdf(bytes, title, attributes);
    // What Orthanc makes of the identifiers decides whose it is, so it is looked at before anything is sent.
    if (identify(instance)?.studyId !== study.studyId)
      throw permanentFailure(
        'PDF_STUDY_DIFFERS',
        'The attributes of the study cannot be written as they are.',
      );
    const [outcome] = await storeContents([wholeContent(instance)], context);
    return outcome ?? lost();
  };
  const outcome = await storeAs(titleOf(key));
  const isConflict = outcome.status === 'refused' && outcome.failure.code === 'CONTENT_CONFLICT';
  if (!isConflict || outcome.id === undefined) return outcome;
  // The same document under another name of a file is there already, under the title that it got first.
  const held = await tagsOf(outcome.id, context);
  const again = await storeAs(typeof held['DocumentTitle'] === 'string' ? held['DocumentTitle'] : '');
  return again.status === 'already-there' ? again : outcome;
}

function lost(): never {
  throw new Error('a PDF was left without an outcome');
}

async function hold(pdf: Content): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of pdf.body()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** By keyword, as Orthanc tells them. */
async function tagsOf(
  instanceId: string,
  { orthanc, signal }: StoreContext,
): Promise<Readonly<Record<string, unknown>>> {
  const tags = await orthanc.call({
    method: 'GET',
    path: `/instances/${instanceId}/simplified-tags`,
    route: '/instances/{id}/simplified-tags',
    signal,
  });
  return typeof tags === 'object' && tags !== null ? (tags as Record<string, unknown>) : {};
}

const titleOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace(/\.pdf$/i, '');
