import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Throttle } from '@orthanc-tools/scheduling';

/**
 * Under a limit, no more than this travels at once (bytes): what is larger is streamed. A burst of a whole batch would
 * fill a small line for seconds.
 */
export const largestPiece = 256 * 1024;

/** A stream is held up for each of these (bytes), so that many at once all go on: Orthanc gives up one that stands still. */
const slice = 16 * 1024;

/** The same server, whose files come no faster than the throttle lets them; without one, itself. */
export function throttled(orthanc: Orthanc, throttle: Throttle | undefined): Orthanc {
  if (throttle === undefined) return orthanc;
  const { instances, belongings } = orthanc;
  return {
    ...orthanc,
    instances: {
      ...instances,
      async openFile(id, signal) {
        const file = await instances.openFile(id, signal);
        return { ...file, body: slowly(file.body, throttle, signal) };
      },
      async readFile(id, settings = {}) {
        const { expected, signal } = settings;
        if (expected !== undefined) await throttle.take(expected, signal);
        const file = await instances.readFile(id, settings);
        if (expected === undefined) await throttle.take(file.length, signal);
        return file;
      },
    },
    belongings: {
      ...belongings,
      async openAttachment(resource, number, signal) {
        const file = await belongings.openAttachment(resource, number, signal);
        return { ...file, body: slowly(file.body, throttle, signal) };
      },
    },
  };
}

async function* slowly(
  body: AsyncIterable<Buffer>,
  throttle: Throttle,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for await (const chunk of body)
    for (let at = 0; at < chunk.length; at += slice) {
      const piece = chunk.subarray(at, at + slice);
      await throttle.take(piece.length, signal);
      yield piece;
    }
}
