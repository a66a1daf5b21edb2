import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { decodeIso2022 } from './iso2022.ts';

/** How the text of a message is written, and what DICOM calls that. */
export interface MessageCharset {
  /** For people: `iso-8859-5`, `utf-8`. */
  readonly name: string;
  /** Values of Specific Character Set; none where DICOM has none for it, or none is needed. */
  readonly dicomTerms: readonly string[];
  /** U+FFFD stands for bytes that mean nothing. */
  decode(bytes: Uint8Array): string;
}

const charset = (codec: string, ...dicomTerms: readonly string[]): MessageCharset => ({
  name: codec,
  dicomTerms,
  decode: (bytes) => iconv.decode(Buffer.from(bytes), codec),
});

const utf8: MessageCharset = charset('utf-8', 'ISO_IR 192');
const isUnicode = ({ name }: MessageCharset): boolean => name === 'utf-8';
const latin1: MessageCharset = charset('windows-1252', 'ISO_IR 100');
const everyByte: MessageCharset = {
  ...latin1,
  name: 'latin1',
  decode: (bytes) => Buffer.from(bytes).toString('latin1'),
};
const korean = charset('euc-kr', '', 'ISO 2022 IR 149');

const latin: Readonly<Record<string, string>> = {
  '2': 'ISO_IR 101',
  '3': 'ISO_IR 109',
  '4': 'ISO_IR 110',
  '5': 'ISO_IR 144',
  '6': 'ISO_IR 127',
  '7': 'ISO_IR 126',
  '8': 'ISO_IR 138',
  '9': 'ISO_IR 148',
  // ISO_IR 203 is too young for most readers.
  '15': 'ISO_IR 192',
};

/** Values of MSH-18 by themselves, upper case, blanks collapsed. */
function singleSet(written: string): MessageCharset | undefined {
  const part = /^(?:ISO[- ]?)?8859[/-](\d+)$/.exec(written)?.[1];
  if (part === '1') return latin1;
  if (part !== undefined && latin[part] !== undefined) return charset(`iso-8859-${part}`, latin[part]);
  if (/^(?:UNICODE(?: UTF-?8)?|UTF-?8)$/.test(written)) return utf8;
  if (/^GB ?18030(?:-2000)?$/.test(written)) return charset('gb18030', 'GB18030');
  if (/^(?:KS ?X ?1001|ISO ?IR ?149|EUC-?KR)$/.test(written)) return korean;
  if (/^(?:BIG-?5|CNS 11643-1992)$/.test(written)) return charset('big5');
  const windows = /^(?:CP|WINDOWS-?)(125\d)$/.exec(written)?.[1];
  if (windows !== undefined) return charset(`windows-${windows}`);
  return iconv.encodingExists(written) ? charset(written.toLowerCase()) : undefined;
}

const isoOf = (written: string): string | undefined => /^ISO ?IR ?(6|14|87|159)$/.exec(written)?.[1];
const isAscii = (written: string): boolean =>
  ['', 'ASCII', 'US-ASCII'].includes(written) || isoOf(written) === '6';

const extended: Readonly<Record<string, string>> = {
  '14': 'ISO 2022 IR 13',
  '87': 'ISO 2022 IR 87',
  '159': 'ISO 2022 IR 159',
};

/** The Japanese sets, alone or together: ISO 2022, with escape sequences. */
function japanese(values: readonly string[]): MessageCharset | undefined {
  const known = values.map(isoOf);
  if (!known.some((set) => set !== undefined && extended[set] !== undefined)) return undefined;
  const [first, ...others] = values;
  const lead = first === undefined || isAscii(first) || known[0] !== '14' ? '' : 'ISO 2022 IR 13';
  const rest = [known[0] === '14' ? undefined : known[0], ...others.map(isoOf)]
    .map((set) => extended[set ?? ''])
    .filter((term) => term !== undefined);
  const dicomTerms = rest.length === 0 ? ['ISO_IR 13'] : [lead, ...rest];
  const highCodec = known.includes('14') ? 'shift_jis' : undefined;
  return { name: 'iso-2022-jp', dicomTerms, decode: (bytes) => decodeIso2022(bytes, highCodec) };
}

const normal = (written: string): string => written.trim().toUpperCase().replaceAll(/\s+/g, ' ');

/** What MSH-18 declares; undefined when it says nothing, or only ASCII, or what nobody knows. */
export function declaredCharset(repetitions: readonly string[]): MessageCharset | undefined {
  const values = repetitions.map(normal);
  const several = japanese(values);
  if (several !== undefined) return several;
  const single = values.find((value) => !isAscii(value));
  return single === undefined ? undefined : singleSet(single);
}

/** A character set by the name of its codec, as Python and iconv write it (`iso-8859-1`, `utf_8`, `cp1252`); undefined for an unknown one. */
export function charsetNamed(codec: string): MessageCharset | undefined {
  const written = normal(codec).replaceAll('_', '-');
  if (['LATIN-1', 'LATIN1', 'L1', 'ISO8859-1'].includes(written)) return latin1;
  if (['ASCII', 'US-ASCII'].includes(written)) return everyByte;
  return singleSet(written) ?? singleSet(written.replace(/^ISO(\d)/, 'ISO-$1'));
}

const isHigh = (byte: number): boolean => byte >= 0x80 || byte === 0x1b;

/** The text of a message, how it turned out to be written, and whether that is what was declared. */
export interface DecodedText {
  readonly text: string;
  readonly charset: MessageCharset;
  readonly isAsDeclared: boolean;
}

/**
 * Decodes as declared; where the bytes do not allow that, or nothing is declared, as UTF-8 if they are, otherwise as the fallback says.
 * Never a question mark for a letter.
 */
export function decodeText(
  bytes: Uint8Array,
  declared: MessageCharset | undefined,
  fallback: MessageCharset,
): DecodedText {
  if (!bytes.some(isHigh))
    return {
      text: Buffer.from(bytes).toString('latin1'),
      charset: declared ?? everyByte,
      isAsDeclared: true,
    };
  const candidates = [...(declared === undefined ? [] : [declared]), utf8, fallback, everyByte];
  for (const candidate of candidates) {
    const text = candidate.decode(bytes);
    // A replacement character may have been written by whoever converted the text before.
    const isDecoded = isUnicode(candidate) ? isUtf8(bytes) : !text.includes('\uFFFD');
    const isMeant = isDecoded && !(candidate !== declared && text.includes('\x1b'));
    if (isMeant || candidate === everyByte)
      return { text, charset: candidate, isAsDeclared: declared === undefined || candidate === declared };
  }
  throw new Error('every byte can be decoded');
}
