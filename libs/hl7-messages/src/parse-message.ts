// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other packages compile this source too and must see the declaration
/// <reference path="./hl7-standard.d.ts" />
import HL7 from 'hl7-standard';
import { readHeader } from './header.ts';
import type { MessageHeader, Separators } from './header.ts';
import { hl7Failure } from './hl7-failure.ts';
import { declaredCharset, decodeText } from './message-charset.ts';
import type { MessageCharset } from './message-charset.ts';
import { fieldsOf } from './segment-fields.ts';
import type { Reading, Repetition } from './segment-fields.ts';
import { translateFor } from './translate-separators.ts';

/** One segment; names are upper case. */
export interface Segment {
  readonly name: string;
  /** The repetitions of field n, unescaped; none when it is empty or not there. */
  field(n: number): readonly Repetition[];
}

export interface Hl7Message {
  readonly header: MessageHeader;
  readonly charset: MessageCharset;
  /** False when the bytes did not allow what MSH-18 says. */
  readonly isCharsetAsDeclared: boolean;
  /** In the order of the message, MSH first. */
  readonly segments: readonly Segment[];
  /** MSH-9.1 and MSH-9.2, upper case. */
  readonly type: { readonly code: string; readonly event: string };
}

// hl7-standard makes an object for each of them.
const mostParts = 300_000;
const mostNames = 500;

/** Breaks within a value until it is read: the library takes the most frequent line end for that of the segments. */
const innerBreak = '\uFDD0';

/** The lines of a message as segments: whatever ends them; a line that begins no segment belongs to the value before it. */
function segmentLines(text: string, field: string): string[] {
  const lines: string[] = [];
  for (const line of text.split(/[\r\n]+/)) {
    const trimmed = line.replace(/^[ \t]+/, '');
    const isSegment =
      /^[A-Z][A-Z0-9]{2}$/.test(trimmed) || (/^[A-Z][A-Z0-9]{2}/i.test(trimmed) && trimmed[3] === field);
    if (isSegment) lines.push(trimmed.slice(0, 3).toUpperCase() + trimmed.slice(3));
    else if (trimmed.trim() !== '' && lines.length > 0)
      lines.push(`${lines.pop() ?? ''}${innerBreak}${line}`);
  }
  return lines;
}

function refuseTooMany(text: string, { field, component, repetition, subcomponent }: Separators): void {
  if (text.length <= mostParts) return;
  let parts = 0;
  for (const character of text)
    if (
      character === field ||
      character === component ||
      character === repetition ||
      character === subcomponent ||
      character === '\r'
    )
      parts += 1;
  if (parts > mostParts)
    throw hl7Failure(
      'dataType',
      `The message has more than ${String(mostParts)} segments, fields and components.`,
    );
}

function typeOf({ field, separators }: MessageHeader): Hl7Message['type'] {
  const [code = '', event = ''] = field(9).split(separators.component);
  return { code: code.trim().toUpperCase(), event: event.trim().toUpperCase() };
}

/**
 * Reads one message: first its separators, then its character set, then its segments.
 * @param fallback what counts when MSH-18 says nothing and the bytes are no UTF-8
 * @throws `HL7_SEGMENT_SEQUENCE`, `HL7_REQUIRED_FIELD_MISSING`, `HL7_DATA_TYPE`
 */
export function parseMessage(bytes: Buffer, fallback: MessageCharset): Hl7Message {
  const header = readHeader(firstLineOf(bytes));
  const { separators } = header;
  const declared = declaredCharset(header.field(18).split(separators.repetition));
  const { text, charset, isAsDeclared } = decodeText(bytes, declared, fallback);
  refuseTooMany(text, separators);
  const { inwards, outwards } = translateFor(separators);
  const lines = segmentLines(text, separators.field);
  if (lines.length > mostNames && new Set(lines.map((line) => line.slice(0, 3))).size > mostNames)
    throw hl7Failure('segmentSequence', `The message has more than ${String(mostNames)} kinds of segments.`);
  const raw = lines.map((line, at) => inwards(at === 0 ? withoutSeparators(line, separators) : line));
  const read = (value: string): string => outwards(value).replaceAll(innerBreak, '\n');
  const segments = shapedSegments(raw).map((segment) => segmentOf(segment, { read, separators, charset }));
  return { header, charset, isCharsetAsDeclared: isAsDeclared, segments, type: typeOf(header) };
}

interface ShapedSegment {
  readonly name: string;
  /** By number, from 1; each in one of the shapes that `fieldsOf` reads. */
  readonly fields: readonly unknown[];
}

/** A field is asked for again and again: what it says is put together once. */
function segmentOf({ name, fields }: ShapedSegment, reading: Reading): Segment {
  const known: (readonly Repetition[] | undefined)[] = [];
  return { name, field: (n) => (known[n] ??= fieldsOf(fields[n], reading)) };
}

export function firstLineOf(bytes: Buffer): string {
  const ends = [bytes.indexOf(0x0d), bytes.indexOf(0x0a)].filter((end) => end >= 0);
  return bytes.toString('latin1', 0, Math.min(bytes.length, ...ends));
}

/** MSH-2 is no field like others: the library would split it. */
function withoutSeparators(line: string, { field }: Separators): string {
  const end = line.indexOf(field, 4);
  return `MSH${field}${end < 0 ? '' : line.slice(end)}`;
}

/** Of MSH, MSH-2: as hl7-standard has it. */
const ownSeparators = '^~\\&';

/** What is more than one text is for the library: it makes much of each field, and most fields are one text or empty. */
function shapedSegments(lines: readonly string[]): ShapedSegment[] {
  const fields = lines.map((line) => line.split('|'));
  const shapes = shapesOf(fields.flatMap(([, ...texts]) => texts.filter(isStructured))).values();
  return fields.map(([beginning = '', ...texts]) => {
    // Of free text with line breaks, a line that looks like a name alone has the lines after it with it.
    const name = beginning.slice(0, 3);
    const shaped = texts.map((text) => (isStructured(text) ? shapes.next().value : text));
    return { name, fields: name === 'MSH' ? ['', '', ownSeparators, ...shaped.slice(1)] : ['', ...shaped] };
  });
}

const isStructured = (field: string): boolean => /[~^&]/.test(field);

/** The shapes of these fields: the library reads them as those of one segment, from its third on. */
function shapesOf(fields: readonly string[]): unknown[] {
  if (fields.length === 0) return [];
  const message = new HL7(`MSH||${fields.join('|')}\r`, { lineEndings: '\r' });
  message.transform();
  const data = [message.transformed['MSH']].flat()[0]?.data ?? {};
  return fields.map((_, at) => data[`MSH.${String(at + 3)}`]);
}
