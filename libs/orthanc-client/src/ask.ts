import type { Call, Effect } from './call.ts';

/** A call with a small JSON answer. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash. */
  readonly path: string;
  /** The route as messages show it, when the path holds more than identifiers. */
  readonly route?: string;
  /** Sent as JSON; a text and bytes are sent as they are. */
  readonly content?: unknown;
  /** What the call leaves behind when its answer is lost; nothing by default. */
  readonly effect?: Effect;
  readonly signal?: AbortSignal | undefined;
  /** For the whole call, in ms; the connection's own limit by default. */
  readonly limit?: number | undefined;
  /** See `Call`. */
  readonly isFixedRoute?: boolean;
  /** See `Call`. */
  readonly destination?: string | undefined;
  /** See `Call`. */
  readonly isQuery?: boolean;
  /** See `Call`. */
  readonly isOnNewConnection?: boolean;
  /** The answer is a plain text, not JSON. */
  readonly isPlainText?: boolean;
}

/**
 * Asks, and gives the answer through a parser. Throws named failures only, and never asks again because of one. A question
 * that leaves nothing behind may be put once more where a server suddenly answers in another form than before, or had
 * just closed the connection.
 */
export type Ask = <T>(question: Question, parse: (value: unknown) => T) => Promise<T>;

export function callOf(question: Question): Call {
  const { method, path, route, effect = 'nothing', destination } = question;
  const { isFixedRoute = false, isOnNewConnection = false, isQuery = false } = question;
  const what = `${method} ${route ?? path.split('?', 1)[0] ?? ''}`;
  return { what, effect, isFixedRoute, destination, isOnNewConnection, isQuery };
}

export interface Content {
  readonly bytes: Buffer | undefined;
  readonly headers: Readonly<Record<string, string | number>>;
}

export function contentOf({ content, method }: Question): Content {
  if (content === undefined)
    return { bytes: undefined, headers: method === 'GET' ? {} : { 'content-length': 0 } };
  if (content instanceof Uint8Array) return typed('application/octet-stream', Buffer.from(content));
  if (typeof content === 'string') return typed('text/plain', Buffer.from(content));
  return typed('application/json', Buffer.from(JSON.stringify(content)));
}

function typed(type: string, bytes: Buffer): Content {
  return { bytes, headers: { 'content-type': type, 'content-length': bytes.length } };
}

export const jsonOf = (answer: string, { isPlainText = false }: Question): string =>
  isPlainText ? JSON.stringify(answer) : answer;
