import iconv from 'iconv-lite';

/** How one value of Specific Character Set (PS3.3 C.12.1.1.2) is written within ISO 2022 text. */
export interface CharacterSet {
  readonly codec: string;
  /** Escape sequence that brings it into use. */
  readonly escape: readonly number[];
  /** G1: bytes with the high bit set; G0: seven bits, leaving which is announced. */
  readonly area: 'G0' | 'G1';
  readonly bytesPerCharacter: 1 | 2;
  /** What the codec writes before the bytes that count (EUC's single shift for JIS X 0212). */
  readonly lead: readonly number[];
}

const ESC = 0x1b;
const latin = (codec: string, final: string): CharacterSet => ({
  codec,
  escape: [ESC, 0x2d, final.charCodeAt(0)],
  area: 'G1',
  bytesPerCharacter: 1,
  lead: [],
});

const bySet = new Map<string, CharacterSet>([
  ['100', latin('iso-8859-1', 'A')],
  ['101', latin('iso-8859-2', 'B')],
  ['109', latin('iso-8859-3', 'C')],
  ['110', latin('iso-8859-4', 'D')],
  ['144', latin('iso-8859-5', 'L')],
  ['127', latin('iso-8859-6', 'G')],
  ['126', latin('iso-8859-7', 'F')],
  ['138', latin('iso-8859-8', 'H')],
  ['148', latin('iso-8859-9', 'M')],
  ['203', latin('iso-8859-15', 'b')],
  ['166', latin('tis-620', 'T')],
  ['13', { codec: 'shift_jis', escape: [ESC, 0x29, 0x49], area: 'G1', bytesPerCharacter: 1, lead: [] }],
  ['87', { codec: 'euc-jp', escape: [ESC, 0x24, 0x42], area: 'G0', bytesPerCharacter: 2, lead: [] }],
  [
    '159',
    { codec: 'euc-jp', escape: [ESC, 0x24, 0x28, 0x44], area: 'G0', bytesPerCharacter: 2, lead: [0x8f] },
  ],
  ['149', { codec: 'euc-kr', escape: [ESC, 0x24, 0x29, 0x43], area: 'G1', bytesPerCharacter: 2, lead: [] }],
  ['58', { codec: 'gb2312', escape: [ESC, 0x24, 0x29, 0x41], area: 'G1', bytesPerCharacter: 2, lead: [] }],
]);

const withoutExtensions = new Map<string, string>([
  ['ISO_IR 192', 'utf-8'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gbk'],
]);

/** The set behind one defined term (`ISO_IR 144`, `ISO 2022 IR 87`); undefined for the default repertoire and for unknown terms. */
export const characterSetOf = (term: string): CharacterSet | undefined =>
  bySet.get(/^ISO(?:_| 2022 )IR (\d+)$/.exec(term.trim())?.[1] ?? '');

export const everyCharacterSet = (): readonly CharacterSet[] => [...bySet.values()];

/** The codec when one term alone rules the whole text; undefined for the default repertoire and for unknown terms. */
export const codecOf = (term: string): string | undefined =>
  withoutExtensions.get(term.trim()) ?? characterSetOf(term)?.codec;

/** The bytes of one character in the set, without escape sequence; undefined where the set does not have it. */
export const bytesIn = (set: CharacterSet, character: string): Uint8Array | undefined => {
  const encoded = iconv.encode(character, set.codec);
  const bytes = encoded.subarray(set.lead.length);
  const fits =
    bytes.length === set.bytesPerCharacter &&
    set.lead.every((byte, at) => encoded[at] === byte) &&
    bytes.every((byte) => byte >= (set.bytesPerCharacter === 2 ? 0xa1 : 0xa0));
  if (!fits) return undefined;
  return set.area === 'G0' ? bytes.map((byte) => byte & 0x7f) : bytes;
};
