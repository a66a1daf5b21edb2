import { permanentFailure } from '@orthanc-tools/failures';
import iconv from 'iconv-lite';
import { bytesIn, characterSetOf, codecOf } from './character-sets.ts';
import type { CharacterSet } from './character-sets.ts';

/** Text to bytes under the given values of Specific Character Set; `delimiters` are where ISO 2022 text starts afresh. */
export type EncodeText = (text: string, delimiters?: string) => Buffer;

const ascii = /^[\0-\x7f]*$/;
/** Whether the text is written alike in every character set of DICOM. */
export const isAscii = (text: string): boolean => ascii.test(text);

const notEncodable = (terms: readonly string[]) =>
  permanentFailure(
    'TEXT_NOT_ENCODABLE',
    `Some text cannot be written in the character set ${terms.join('\\')}.`,
  );

const plain =
  (codec: string, terms: readonly string[]): EncodeText =>
  (text) => {
    const bytes = iconv.encode(text, codec);
    if (iconv.decode(bytes, codec) !== text) throw notEncodable(terms);
    return bytes;
  };

const control = '\r\n\f\t';
const toAscii = [0x1b, 0x28, 0x42];

/** One stretch between delimiters: it begins with the first set in G1 and must end with ASCII in G0. */
const encodeStretch = (text: string, sets: readonly (CharacterSet | undefined)[]): number[] | undefined => {
  const bytes: number[] = [];
  let g1 = sets[0]?.area === 'G1' ? sets[0] : undefined;
  let g0: CharacterSet | undefined;
  for (const character of text) {
    if (character.charCodeAt(0) < 0x80) {
      if (g0 !== undefined) bytes.push(...toAscii);
      g0 = undefined;
      bytes.push(character.charCodeAt(0));
      continue;
    }
    const set = [g1, ...sets].find((candidate) => candidate !== undefined && bytesIn(candidate, character));
    if (set === undefined) return undefined;
    if (set !== (set.area === 'G0' ? g0 : g1)) bytes.push(...set.escape);
    if (set.area === 'G0') g0 = set;
    else g1 = set;
    bytes.push(...(bytesIn(set, character) ?? []));
  }
  return g0 === undefined ? bytes : [...bytes, ...toAscii];
};

const withExtensions = (terms: readonly string[]): EncodeText => {
  const sets = terms.map(characterSetOf);
  return (text, delimiters = '') => {
    const bytes: number[] = [];
    let stretch = '';
    const flush = () => {
      const encoded = encodeStretch(stretch, sets);
      if (encoded === undefined) throw notEncodable(terms);
      bytes.push(...encoded);
      stretch = '';
    };
    for (const character of text) {
      if (!control.includes(character) && !delimiters.includes(character)) {
        stretch += character;
        continue;
      }
      flush();
      bytes.push(character.charCodeAt(0));
    }
    flush();
    return Buffer.from(bytes);
  };
};

/**
 * Throws a permanent failure `TEXT_NOT_ENCODABLE` rather than writing a wrong character.
 * @param terms the values of Specific Character Set; none means the default repertoire, ASCII
 */
export const textEncoder = (terms: readonly string[]): EncodeText => {
  if (terms.length > 1) return withExtensions(terms);
  const term = terms[0] ?? '';
  if (term.startsWith('ISO 2022 ')) return withExtensions(terms);
  return plain(codecOf(term) ?? 'ascii', terms);
};
