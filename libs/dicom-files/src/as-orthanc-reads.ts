import iconv from 'iconv-lite';
import { characterSetOf, codecOf, everyCharacterSet } from './character-sets.ts';
import type { CharacterSet } from './character-sets.ts';

const startsWith = (bytes: Uint8Array, at: number, sequence: readonly number[]): boolean =>
  sequence.every((byte, offset) => bytes[at + offset] === byte);

const decodeRun = (run: readonly number[], set: CharacterSet | undefined): string => {
  if (set === undefined) return iconv.decode(Buffer.from(run), 'iso-8859-1');
  if (set.area === 'G1') return iconv.decode(Buffer.from(run), set.codec);
  const pairs = Array.from({ length: Math.floor(run.length / 2) }, (_, at) => run.slice(at * 2, at * 2 + 2));
  const bytes = pairs.flatMap((pair) => [...set.lead, ...pair.map((byte) => byte | 0x80)]);
  return iconv.decode(Buffer.from(bytes), set.codec);
};

const lengthOfEscape = (bytes: Uint8Array, at: number): number =>
  bytes[at + 1] === 0x24 && (bytes[at + 2] ?? 0) < 0x30 ? 4 : 3;

/** `setAfter` tells which set rules after an escape sequence at the position. */
const decodeStretches = (
  bytes: Uint8Array,
  initial: CharacterSet | undefined,
  setAfter: (at: number) => CharacterSet | undefined,
): string => {
  let text = '';
  let run: number[] = [];
  let set = initial;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== 0x1b) {
      run.push(bytes[at] ?? 0);
      continue;
    }
    text += decodeRun(run, set);
    run = [];
    set = setAfter(at);
    at += lengthOfEscape(bytes, at) - 1;
  }
  return text + decodeRun(run, set);
};

// Terms of the standard that Orthanc 1.12 and 1.13 do not know: they count as ASCII.
const unknownToOrthanc = /^ISO(?:_| 2022 )IR (?:6|159|203)$/;

const printableAscii = (bytes: Uint8Array): string =>
  Buffer.from(bytes.filter((byte) => byte >= 0x20 && byte < 0x7f)).toString('latin1');

/**
 * Text as Orthanc takes it from a file, which its identifiers are computed from; not always what the standard means:
 * without Specific Character Set it is Latin 1 (Orthanc's `DefaultEncoding`, unless configured otherwise),
 * among several values the first that is not empty rules alone, and what does not fit is left out.
 */
export const asOrthancReads = (bytes: Uint8Array, terms: readonly string[]): string => {
  const term = terms.find((candidate) => candidate !== '');
  if (term === undefined) return Buffer.from(bytes).toString('latin1');
  const codec = unknownToOrthanc.test(term) ? undefined : codecOf(term);
  if (codec === undefined) return printableAscii(bytes);
  const set = characterSetOf(term);
  if (set?.bytesPerCharacter === 2)
    return decodeStretches(bytes, set.area === 'G1' ? set : undefined, (at) =>
      everyCharacterSet().find(({ escape }) => startsWith(bytes, at, escape)),
    );
  if (set !== undefined && terms.length > 1) return decodeStretches(bytes, set, () => set);
  return iconv.decode(Buffer.from(bytes), codec).replaceAll('\uFFFD', '');
};
