import { boundaryIn, comingStowBody, stowBody } from './multipart-body.ts';
import type { OrthancConnection } from './orthanc-connection.ts';
import { nameRefusal } from './name-refusal.ts';
import { type BulkCall, type OpenAnswer, openAnswer } from './open-answer.ts';
import { accepted, isSuccess, readText } from './read-answer.ts';
import { readStream } from './read-stream.ts';
import type { MultipartPart } from './split-multipart.ts';
import { type StowReceipt, parseStowReceipt } from './stow-answer.ts';
import { nameUnreadable, readJson } from './unreadable-answer.ts';
import { type LazyWire, lazyWire } from './wire.ts';

/** Since version 1.5 the plugin transcodes to explicit little endian unless it is asked for any transfer syntax. */
const anyTransferSyntax = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/** A study, one of its series, or one instance, by their DICOM UIDs. */
export interface Retrieval {
  readonly studyUid: string;
  readonly seriesUid?: string | undefined;
  readonly instanceUid?: string | undefined;
}

/** The DICOMweb plugin of one Orthanc. */
export interface DicomWeb {
  /**
   * WADO-RS: the stored files, never transcoded. Orthanc ends this answer by closing the connection, so that a cut
   * one looks finished: read it with `splitMultipart`, which insists on the last delimiter.
   */
  retrieve(
    what: Retrieval,
    signal?: AbortSignal,
  ): Promise<{ readonly boundary: string; readonly body: AsyncIterable<Buffer> }>;
  /**
   * STOW-RS. The plugin stores the files of one request one by one as they arrive: a lost answer leaves open which of
   * them are there. What was refused is told in the receipt, not thrown.
   */
  store(files: readonly MultipartPart[], signal?: AbortSignal): Promise<StowReceipt>;
  /** STOW-RS of one file, also of one that is still coming: broken off, nothing of it is stored. */
  storeFile(file: StowFile, signal?: AbortSignal): Promise<StowReceipt>;
}

/** A file in memory, or as it comes; `length` in bytes. */
export type StowFile =
  Uint8Array | readonly Uint8Array[] | { readonly body: AsyncIterable<Uint8Array>; readonly length: number };

/** A DICOMweb server of any make, by the root of its services. */
export interface DicomWebServer extends AsyncDisposable, Pick<DicomWeb, 'storeFile'> {}

/** Opens nothing yet: the first call connects. */
export function connectDicomWebServer(connection: OrthancConnection): DicomWebServer {
  const wire = lazyWire(connection);
  return {
    storeFile: dicomWebAt(wire, '').storeFile,
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve(wire.close());
    },
  };
}

function pathOf({ studyUid, seriesUid, instanceUid }: Retrieval): string {
  const study = `/studies/${encodeURIComponent(studyUid)}`;
  const series = seriesUid === undefined ? study : `${study}/series/${encodeURIComponent(seriesUid)}`;
  return instanceUid === undefined ? series : `${series}/instances/${encodeURIComponent(instanceUid)}`;
}

/** Where a part of the files was refused, the plugin answers 400 or 409 with a receipt for all of them. */
async function readReceipt(answer: OpenAnswer, server: string): Promise<StowReceipt> {
  const { response, call } = answer;
  const { statusCode: status = 0, headers } = response;
  const isReceipt =
    (status === 400 || status === 409) && /\bdicom\+json\b/.test(headers['content-type'] ?? '');
  const body = await readText(answer);
  if (isSuccess(response.statusCode) || isReceipt) return readJson(body, parseStowReceipt, { server, call });
  throw nameRefusal({ status, headers, body }, { server, call });
}

interface Stow {
  readonly body: readonly Uint8Array[] | AsyncIterable<Uint8Array>;
  readonly length: number;
  readonly type: string;
  readonly signal: AbortSignal | undefined;
}

/** `root` is the path of the plugin, such as `/dicom-web`. */
export function dicomWebAt(wire: LazyWire, root: string): DicomWeb {
  const { headers, shown: server } = wire.endpoint;
  const retrieveHeaders = { ...headers, accept: anyTransferSyntax };
  const stow = async ({ body, length, type, signal }: Stow): Promise<StowReceipt> => {
    const accept = 'application/dicom+json';
    const call: BulkCall = {
      what: 'STOW-RS',
      effect: 'pieces',
      method: 'POST',
      path: `${root}/studies`,
      headers: { ...headers, accept, 'content-type': type, 'content-length': length },
      body: Symbol.asyncIterator in body ? { body, length } : body,
      signal,
    };
    return readReceipt(await openAnswer(await wire.ready(), call), server);
  };
  return {
    async retrieve(what, signal) {
      const call: BulkCall = {
        what: 'WADO-RS',
        effect: 'nothing',
        method: 'GET',
        path: root + pathOf(what),
        headers: retrieveHeaders,
        signal,
      };
      const answer = await accepted(await openAnswer(await wire.ready(), call), server);
      const boundary = boundaryIn(answer.response.headers['content-type']);
      if (boundary !== undefined) return { boundary, body: readStream(answer) };
      answer.response.destroy();
      throw nameUnreadable({ found: 'it is not multipart/related', isJson: false }, { server, call });
    },
    store: (files, signal) => {
      const { type, chunks, length } = stowBody(files);
      return stow({ body: chunks, length, type, signal });
    },
    storeFile: (file, signal) => {
      if ('body' in file) return stow({ ...comingStowBody(file), signal });
      const chunks = file instanceof Uint8Array ? [file] : file;
      const part = { chunks, length: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0) };
      const { type, chunks: body, length } = stowBody([part]);
      return stow({ body, length, type, signal });
    },
  };
}
