import type { ClientRequest } from 'node:http';
import type { RequestBody } from './call.ts';

/** Until the system has taken the chunk, or the request is over: whoever supplies it may then use its memory again. */
function written(request: ClientRequest, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      request.off('close', go);
      resolve();
    };
    request.on('close', go);
    request.write(chunk, go);
  });
}

type NoteWaiting = (isWaitingForSupply: boolean) => void;

async function pump(
  request: ClientRequest,
  stream: AsyncIterable<Uint8Array>,
  note: NoteWaiting,
): Promise<void> {
  note(true);
  for await (const chunk of stream) {
    note(false);
    if (request.destroyed) return;
    await written(request, chunk);
    note(true);
  }
  note(false);
  request.end();
}

function writeAll(request: ClientRequest, chunks: readonly Uint8Array[]): void {
  request.cork();
  for (const chunk of chunks) request.write(chunk);
  request.end();
  request.uncork();
}

function isStream(body: RequestBody): body is Extract<RequestBody, { body: unknown }> {
  return 'body' in body;
}

/** The length that goes into the header; unknown for some streams. */
export function bodyLength(body: RequestBody): number | undefined {
  if (body instanceof Uint8Array) return body.byteLength;
  if (isStream(body)) return body.length;
  let total = 0;
  for (const chunk of body) total += chunk.byteLength;
  return total;
}

/** A body that is in memory; undefined for a stream. */
export function chunksOf(body: RequestBody): readonly Uint8Array[] | undefined {
  if (body instanceof Uint8Array) return [body];
  return isStream(body) ? undefined : body;
}

/** Writes the body with back-pressure and ends the request; a promise only where the body is a stream. */
export function sendBody(
  request: ClientRequest,
  body: RequestBody | undefined,
  note: NoteWaiting,
): Promise<void> | undefined {
  if (body === undefined) request.end();
  else if (body instanceof Uint8Array) request.end(body);
  else if (isStream(body)) return pump(request, body.body, note);
  else writeAll(request, body);
  return undefined;
}
