import iconv from 'iconv-lite';

const escape = 0x1b;
const unknown = '\uFFFD';

/** What a byte below 80 means, and how text of that sort is decoded. */
interface LowSet {
  readonly bytesPerCharacter: 1 | 2;
  decode(bytes: Buffer): string;
}

const high = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte | 0x80));

const ascii: LowSet = { bytesPerCharacter: 1, decode: (bytes) => bytes.toString('latin1') };
const kana: LowSet = { bytesPerCharacter: 1, decode: (bytes) => iconv.decode(high(bytes), 'shift_jis') };
const kanji: LowSet = { bytesPerCharacter: 2, decode: (bytes) => iconv.decode(high(bytes), 'euc-jp') };
const supplement: LowSet = {
  bytesPerCharacter: 2,
  decode: (bytes) => {
    const pairs = Array.from({ length: Math.ceil(bytes.length / 2) }, (_, at) =>
      bytes.subarray(at * 2, at * 2 + 2),
    );
    return iconv.decode(Buffer.concat(pairs.flatMap((pair) => [Buffer.of(0x8f), high(pair)])), 'euc-jp');
  },
};

const lowSets: readonly (readonly [sequence: string, set: LowSet])[] = [
  ['(B', ascii],
  ['(J', ascii],
  ['(I', kana],
  ['$B', kanji],
  ['$@', kanji],
  ['$(D', supplement],
];
/** Codecs of bytes from 80 on, by what announces them. */
const highSets: readonly (readonly [sequence: string, codec: string])[] = [
  ['$)C', 'euc-kr'],
  ['$)A', 'gb2312'],
  [')I', 'shift_jis'],
  ['-A', 'iso-8859-1'],
  ['-B', 'iso-8859-2'],
  ['-L', 'iso-8859-5'],
  ['-F', 'iso-8859-7'],
];

/**
 * Text with ISO 2022 escape sequences, as iconv-lite does not know it. A line end leads back to ASCII, whatever the sender forgot.
 * @param highCodec of bytes from 80 on, until a sequence announces another; such bytes are unknown characters without it
 */
export function decodeIso2022(bytes: Uint8Array, highCodec?: string): string {
  const source = Buffer.from(bytes);
  let low = ascii;
  let codec = highCodec;
  let text = '';
  let at = 0;
  /** Takes what looks alike from here on. */
  const run = (belongs: (byte: number) => boolean): Buffer => {
    const begin = at;
    while (at < source.length && belongs(source[at] ?? 0)) at += 1;
    return source.subarray(begin, at);
  };
  const sequence = (): void => {
    const rest = source.toString('latin1', at + 1, at + 4);
    const lowSet = lowSets.find(([start]) => rest.startsWith(start));
    const highSet = highSets.find(([start]) => rest.startsWith(start));
    at += 1 + (lowSet ?? highSet ?? [''])[0].length;
    if (lowSet !== undefined) [, low] = lowSet;
    if (highSet !== undefined) [, codec] = highSet;
  };
  while (at < source.length) {
    const byte = source[at] ?? 0;
    if (byte === escape) sequence();
    else if (byte >= 0x80) {
      const stretch = run((one) => one >= 0x80);
      text += codec === undefined ? unknown.repeat(stretch.length) : iconv.decode(stretch, codec);
    } else if (byte < 0x20) {
      text += run((one) => one < 0x20 && one !== escape).toString('latin1');
      low = ascii;
    } else {
      const stretch = run((one) => one >= 0x20 && one < 0x80);
      text += low.decode(stretch);
    }
  }
  return text;
}
