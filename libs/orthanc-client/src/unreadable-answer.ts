import { ambiguousFailure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Failure } from '@orthanc-tools/failures';
import type { Call } from './call.ts';

/** What a parser throws: the answer is not what Orthanc's interface promises. Never leaves this library. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** JSON that is cut or no JSON at all may come from something between us and Orthanc, and may pass. */
export function nameUnreadable(
  why: { readonly found: string; readonly isJson: boolean },
  { server, call }: { server: string; call: Call },
): Failure {
  const message = `Orthanc at ${server} gave an answer to ${call.what} that cannot be read: ${why.found}`;
  const details = { facts: { call: call.what, server } };
  if (call.effect !== 'nothing') return ambiguousFailure('ORTHANC_ANSWER_UNREADABLE', message, details);
  const make = why.isJson ? permanentFailure : transientFailure;
  return make('ORTHANC_ANSWER_UNREADABLE', message, details);
}

/** Reads an answer's JSON through a parser, and names what is wrong with it. */
export function readJson<T>(
  text: string,
  parse: (value: unknown) => T,
  context: { server: string; call: Call },
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw nameUnreadable({ found: 'it is not JSON, or not all of it', isJson: false }, context);
  }
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof UnreadableAnswer)
      throw nameUnreadable({ found: error.message, isJson: true }, context);
    throw error;
  }
}
