import type { OpenAnswer } from './open-answer.ts';

/** The bytes of an answer as they come, its errors named. Back-pressure reaches the server. */
export async function* readStream(answer: OpenAnswer): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* answer.response as AsyncIterable<Buffer>;
  } catch (error) {
    throw answer.nameBroken(error);
  }
}
