import { reusableFor } from './keep-alive.ts';

/** What must be known of an answer to take its body from the socket. */
export interface PlainHead {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  readonly length: number;
  /** For how long (ms) the connection may be used again after it; 0 where the server closes it. */
  readonly reusableMs: number;
}

/** The longest head that is looked at; Orthanc's has some 200 bytes. */
export const longestHead = 16 * 1024;

/**
 * Reads the head of an HTTP/1.1 answer (RFC 9112), without its empty line. Undefined for all but a final answer whose
 * body comes as it is and says its length once: anything else is for a whole HTTP client to read.
 */
export function plainHead(text: string): PlainHead | undefined {
  // Receipts are all of one length, and so are their heads.
  if (text === last?.text) return last.head;
  const head = readHead(text);
  last = { text, head };
  return head;
}

let last: { readonly text: string; readonly head: PlainHead | undefined } | undefined;

function readHead(text: string): PlainHead | undefined {
  const [first = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.1 ([2-5]\d\d)(?: |$)/.exec(first)?.[1];
  if (status === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    if (name === '' || /\s/.test(name) || (name === 'content-length' && name in headers)) return undefined;
    headers[name] = line.slice(colon + 1).trim();
  }
  if (!isPlain(headers)) return undefined;
  const isKept = !/close/i.test(headers['connection'] ?? '');
  const reusableMs = isKept ? reusableFor(headers['keep-alive']) : 0;
  return { status: Number(status), headers, length: Number(headers['content-length']), reusableMs };
}

/** Whether an answer that a whole client has read has the form that `plainHead` reads. */
export const isPlainAnswer = ({
  httpVersion,
  headers,
}: {
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, unknown>>;
}): boolean => httpVersion === '1.1' && isPlain(headers);

/** Whether the body is exactly as many bytes as announced, and nothing done to them. */
const isPlain = (headers: Readonly<Record<string, unknown>>): boolean =>
  /^\d{1,15}$/.test(String(headers['content-length'])) &&
  headers['transfer-encoding'] === undefined &&
  headers['content-encoding'] === undefined;
