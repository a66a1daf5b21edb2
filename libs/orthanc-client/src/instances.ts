import type { Ask } from './ask.ts';
import type { Call, RequestBody } from './call.ts';
import { isKnown } from './is-known.ts';
import { keptMd5 } from './kept-md5.ts';
import { type BulkCall, type OpenAnswer, openAnswer } from './open-answer.ts';
import { type PlainStore, readPlainFile, storePlainFile } from './plain-files.ts';
import { isPlainAnswer } from './plain-head.ts';
import { accepted, readChunks, readText } from './read-answer.ts';
import { readStream } from './read-stream.ts';
import { type StoreReceipt, parseReceipts } from './receipts.ts';
import { bodyLength, chunksOf } from './send-body.ts';
import type { MultipartPart } from './split-multipart.ts';
import { readJson } from './unreadable-answer.ts';
import { type Soundness, verifyMd5 } from './verify-md5.ts';
import type { LazyWire } from './wire.ts';
import { zipPieces } from './zip-pieces.ts';

/** Larger files are streamed, never held (bytes). */
const largestHeldFile = 512 * 1024 * 1024;

/** From here on (bytes) the pieces in which Node gives an answer cost more than the request. */
const large = 64 * 1024;

const fileCall: Call = { what: 'GET /instances/{id}/file', effect: 'nothing' };
const storeCall: Call = { what: 'POST /instances', isFixedRoute: true, effect: 'whole' };
const fileOf = (id: string): string => `/instances/${id}/file`;

/** A stored file as it comes; `body` must be read to its end or broken off. */
export interface OpenFile {
  readonly body: AsyncIterable<Buffer>;
  /** Bytes. */
  readonly length?: number;
}

/** Routes below `/instances`. */
export interface Instances {
  /** Whether the server knows the instance; says nothing about its file. */
  exists(id: string, signal?: AbortSignal): Promise<boolean>;
  openFile(id: string, signal?: AbortSignal): Promise<OpenFile>;
  /** Of the file, as the server keeps it; undefined where it keeps none, or does not know the instance. */
  md5(id: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Lets Orthanc read the file from its disk and hash it anew. */
  verifyMd5(id: string, signal?: AbortSignal): Promise<Soundness>;
  /**
   * The whole file in memory, as the pieces that came; fails with `ANSWER_TOO_LARGE` above `cap` bytes. What is
   * expected to be large (bytes) is read in a cheaper way where there is one.
   */
  readFile(
    id: string,
    settings?: { signal?: AbortSignal | undefined; cap?: number; expected?: number },
  ): Promise<MultipartPart>;
  /**
   * Sends one DICOM file. The receipt must be judged (`refusalIn`): Orthanc answers 200 to what it filters out as well.
   */
  store(file: RequestBody, signal?: AbortSignal): Promise<StoreReceipt[]>;
  /**
   * Deletes these, and what lies above them once it is empty, by one `POST /tools/bulk-delete`; what is not there is
   * passed over. The route takes identifiers of any level: one of a study deletes the study.
   */
  deleteAll(instanceIds: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Sends several files at once, as uncompressed ZIP: what is not DICOM is left out of the receipts without a word. */
  storeZip(files: readonly MultipartPart[], signal?: AbortSignal): Promise<StoreReceipt[]>;
}

function lengthOf({ response }: OpenAnswer): { length?: number } {
  const length = response.headers['content-length'];
  return length === undefined ? {} : { length: Number(length) };
}

export function instancesOf(wire: LazyWire, ask: Ask): Instances {
  const { headers, shown: server } = wire.endpoint;
  const open = async (call: BulkCall): Promise<OpenAnswer> =>
    accepted(await openAnswer(await wire.ready(), call), server);
  const openFile = (id: string, signal: AbortSignal | undefined): Promise<OpenAnswer> =>
    open({ ...fileCall, method: 'GET', path: fileOf(id), headers, signal });
  /** Whether this server's last answer had a form that is read right from the socket: nobody begins twice for long. */
  let [answersPlainly, readsPlainly] = [false, true];
  const storeOverSocket = async (call: PlainStore) => {
    try {
      return await storePlainFile((await wire.ready()).plain, call, server);
    } catch (error) {
      answersPlainly = false;
      throw error;
    }
  };
  const store = async (body: RequestBody, type: string, signal: AbortSignal | undefined) => {
    const length = bodyLength(body);
    const own = { 'content-type': type, ...(length !== undefined && { 'content-length': length }) };
    const call = { ...storeCall, method: 'POST', path: '/instances', signal } as const;
    const chunks = answersPlainly ? chunksOf(body) : undefined;
    let text = chunks && (await storeOverSocket({ ...call, headers: own, body: chunks }));
    if (text === undefined) {
      const answer = await open({ ...call, headers: { ...headers, ...own }, body });
      answersPlainly = isPlainAnswer(answer.response);
      text = await readText(answer);
    }
    return readJson(text, parseReceipts, { server, call });
  };
  return {
    exists: (id, signal) => isKnown(ask, `/instances/${id}`, signal),
    openFile: async (id, signal) => {
      const answer = await openFile(id, signal);
      return { body: readStream(answer), ...lengthOf(answer) };
    },
    md5: (id, signal) => keptMd5(ask, id, signal),
    verifyMd5: (id, signal) => verifyMd5(ask, id, signal),
    readFile: async (id, { signal, cap = largestHeldFile, expected = 0 } = {}) => {
      const { plain } = await wire.ready();
      if (expected >= large && readsPlainly) {
        const file = await readPlainFile(plain, { ...fileCall, path: fileOf(id), signal, cap }, server);
        if (file !== undefined)
          return { chunks: [file.bytes], length: file.bytes.length, release: file.release };
      }
      const answer = await openFile(id, signal);
      readsPlainly = isPlainAnswer(answer.response);
      return readChunks(answer, cap);
    },
    deleteAll: async (instanceIds, signal) => {
      if (instanceIds.length === 0) return;
      const content = { Resources: instanceIds };
      const question = { method: 'POST', path: '/tools/bulk-delete', content, signal } as const;
      await ask({ ...question, isFixedRoute: true, effect: 'whole', isPlainText: true }, () => undefined);
    },
    store: (file, signal) => store(file, 'application/dicom', signal),
    storeZip: (files, signal) => store(zipPieces(files).chunks, 'application/zip', signal),
  };
}
