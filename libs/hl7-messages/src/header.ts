import { hl7Failure } from './hl7-failure.ts';

/** The separators of one message; each is one character. */
export interface Separators {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** Of version 2.7 and later. */
  readonly truncation: string;
}

/** MSH, of which everything needed before decoding is ASCII. */
export interface MessageHeader {
  readonly separators: Separators;
  /** MSH-n as it stands in the message, one character per byte; '' where there is none. */
  field(n: number): string;
}

export const usualSeparators: Separators = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: '#',
};

/** MSH-2 of nearly every message. */
const usualCharacters = '^~\\&';

// eslint-disable-next-line no-control-regex -- control characters may separate too
const isPossible = (character: string): boolean => /^[!-/:-@[-`{-~\x01-\x08\x0e-\x1f]$/.test(character);

function separatorsIn(field: string, characters: string): Separators {
  if (field === usualSeparators.field && characters === usualCharacters) return usualSeparators;
  // Source code that was pasted into an interface escapes the escape.
  const given = [...(characters === '^~\\\\&' ? '^~\\&' : characters)];
  const [component = '^', repetition = '~', escape = '\\', subcomponent = '&', truncation = '#'] = given;
  const all = [field, component, repetition, escape, subcomponent];
  if (given.length < 1 || given.length > 5 || !all.every(isPossible) || new Set(all).size < all.length)
    throw hl7Failure('requiredFieldMissing', 'MSH-2 does not name the separators of the message.', {
      segment: 'MSH',
      sequence: 1,
      field: 2,
    });
  return { field, component, repetition, escape, subcomponent, truncation };
}

/**
 * Reads the first line, which begins with MSH in any case.
 * @param line one character per byte
 * @throws `HL7_SEGMENT_SEQUENCE` without MSH, `HL7_REQUIRED_FIELD_MISSING` without usable separators
 */
export function readHeader(line: string): MessageHeader {
  if (!/^MSH/i.test(line))
    throw hl7Failure('segmentSequence', 'The message does not begin with MSH.', {
      segment: 'MSH',
      sequence: 1,
    });
  const separator = line.charAt(3);
  const [characters = '', ...fields] = line.slice(4).split(separator === '' ? '\0' : separator);
  const separators = separatorsIn(separator, characters);
  return {
    separators,
    field: (n) => (n === 1 ? separator : n === 2 ? characters : (fields[n - 3] ?? '')),
  };
}
