import iconv from 'iconv-lite';

/** What one frame held. */
export interface SplitFrame {
  /** Each begins with MSH, unless there is none at all; without byte order mark, in one byte order. */
  readonly messages: readonly Buffer[];
  /** Beyond one message, or with batch headers around it. */
  readonly isBatch: boolean;
  /** BTS-1, where it is a number. */
  readonly announced: number | undefined;
  /** How the answer has to be written, where its bytes are not those of ASCII. */
  readonly wide: 'utf-16le' | 'utf-16be' | undefined;
}

const wideMarks = [
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16le', [0x4d, 0x00]],
  ['utf-16be', [0x00, 0x4d]],
] as const;

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, at) => bytes[at] === byte);

const utf8Mark = [0xef, 0xbb, 0xbf];

// Line ends are bytes of their own in every character set of HL7, double-byte ones too.
const isLineEnd = (byte: number | undefined): boolean => byte === 0x0d || byte === 0x0a;
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;

/** The beginnings of the lines that begin with one of the names, leading blanks aside. */
function* linesNamed(bytes: Buffer, names: RegExp): Generator<{ at: number; name: string }> {
  let at = 0;
  while (at < bytes.length) {
    while (isLineEnd(bytes[at]) || isBlank(bytes[at])) at += 1;
    const name = bytes.toString('latin1', at, at + 4);
    if (names.test(name)) yield { at, name: name.slice(0, 3).toUpperCase() };
    const next = [bytes.indexOf(0x0d, at), bytes.indexOf(0x0a, at)].filter((end) => end >= 0);
    at = next.length === 0 ? bytes.length : Math.min(...next);
  }
}

const envelope = /^(?:MSH|FHS|BHS|BTS|FTS)[^A-Za-z0-9]?$/i;

/** Finds the messages of a frame: batch headers and trailers are taken away, and several messages are told apart. */
export function splitFrame(frame: Uint8Array): SplitFrame {
  const given = Buffer.from(frame);
  const wide = wideMarks.find(([, mark]) => startsWith(given, mark))?.[0];
  const plain =
    wide === undefined ? given : Buffer.from(iconv.decode(given, wide).replace(/^\uFEFF/, ''), 'utf8');
  const bytes = startsWith(plain, utf8Mark) ? plain.subarray(utf8Mark.length) : plain;
  const found = [...linesNamed(bytes, envelope)];
  const messages = found.flatMap(({ at, name }, index) =>
    name === 'MSH' ? [bytes.subarray(at, found[index + 1]?.at ?? bytes.length)] : [],
  );
  const trailer = found.find(({ name }) => name === 'BTS');
  const count = trailer && /^BTS.(\d+)/i.exec(bytes.toString('latin1', trailer.at, trailer.at + 16))?.[1];
  return {
    messages: messages.length === 0 ? [bytes] : messages,
    isBatch: messages.length > 1 || found.some(({ name }) => name !== 'MSH'),
    announced: count === undefined ? undefined : Number(count),
    wide,
  };
}
