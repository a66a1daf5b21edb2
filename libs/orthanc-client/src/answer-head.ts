import { reusableFor } from './keep-alive.ts';

/** What must be known of an answer to take its body from the socket. */
export interface AnswerHead {
  /** Bytes of the body. */
  readonly length: number;
  /** For how long (ms) the connection may be used again after it; 0 where the server closes it. */
  readonly reusableMs: number;
}

/** The longest head that is looked at; Orthanc's has some 200 bytes. */
export const longestHead = 16 * 1024;

/**
 * Reads the head of an HTTP/1.1 answer (RFC 9112), without its empty line. Undefined for all but a 200 whose body comes
 * as it is and says its length once: anything else is for a whole HTTP client to read.
 */
export function plainAnswerHead(head: string): AnswerHead | undefined {
  const [status = '', ...lines] = head.split('\r\n');
  if (!/^HTTP\/1\.1 200(?: |$)/.test(status)) return undefined;
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    const known = name.toLowerCase();
    if (known === 'content-length' && fields.has(known)) return undefined;
    fields.set(known, value);
  }
  const length = fields.get('content-length') ?? '';
  if (!/^\d{1,15}$/.test(length) || fields.has('transfer-encoding') || fields.has('content-encoding'))
    return undefined;
  const isKept = !/close/i.test(fields.get('connection') ?? '');
  return { length: Number(length), reusableMs: isKept ? reusableFor(fields.get('keep-alive')) : 0 };
}
