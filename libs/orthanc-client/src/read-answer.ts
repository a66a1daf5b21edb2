import { permanentFailure } from '@orthanc-tools/failures';
import { nameRefusal } from './name-refusal.ts';
import type { OpenAnswer } from './open-answer.ts';
import type { MultipartPart } from './split-multipart.ts';

const longestErrorText = 65_536;

/** Reads all of an answer, or gives up with `ANSWER_TOO_LARGE` when it outgrows the cap (in bytes). */
export function readChunks(answer: OpenAnswer, cap = Infinity): Promise<MultipartPart> {
  const { response, call } = answer;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.byteLength;
      chunks.push(chunk);
      if (length <= cap) return;
      reject(tooLarge(call.what, cap));
      response.destroy();
    });
    response.once('end', () => resolve({ chunks, length }));
    response.once('error', (error) => reject(answer.nameBroken(error) as Error));
    response.once('close', () => {
      if (!response.complete) reject(answer.nameBroken(new Error('closed early')) as Error);
    });
  });
}

export function tooLarge(what: string, cap: number): Error {
  const message = `The answer to ${what} is larger than the ${cap} bytes that may be held in memory`;
  return permanentFailure('ANSWER_TOO_LARGE', message, { facts: { call: what, capBytes: cap } });
}

export async function readText(answer: OpenAnswer, cap?: number): Promise<string> {
  const { chunks } = await readChunks(answer, cap);
  return Buffer.concat(chunks).toString();
}

/** The beginning of an error's text; what else there is is read and dropped, so that the connection stays usable. */
async function readErrorText(answer: OpenAnswer): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer.response as AsyncIterable<Buffer>) {
    if (length < longestErrorText) kept.push(chunk);
    length += chunk.byteLength;
  }
  return Buffer.concat(kept).toString();
}

export const isSuccess = (status = 0): boolean => status >= 200 && status < 300;

/** The answer, if its status is 2xx; otherwise throws its failure. */
export async function accepted(answer: OpenAnswer, server: string): Promise<OpenAnswer> {
  const { response, call } = answer;
  if (isSuccess(response.statusCode)) return answer;
  const body = await readErrorText(answer).catch(() => '');
  const refusal = { status: response.statusCode ?? 0, headers: response.headers, body };
  throw nameRefusal(refusal, { server, call });
}
