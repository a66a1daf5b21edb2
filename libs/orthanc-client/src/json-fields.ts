import { UnreadableAnswer } from './unreadable-answer.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

export function record(value: unknown, what: string): JsonRecord {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonRecord;
  throw new UnreadableAnswer(`${what} is not an object`);
}

export function list<T>(value: unknown, what: string, parse: (entry: unknown) => T): T[] {
  if (Array.isArray(value)) return value.map(parse);
  throw new UnreadableAnswer(`${what} is not a list`);
}

export function text(from: JsonRecord, field: string): string {
  const value = from[field];
  if (typeof value === 'string') return value;
  throw new UnreadableAnswer(`"${field}" is missing or not a text`);
}

/** Orthanc writes large numbers as texts. */
export function count(from: JsonRecord, field: string): number {
  const value = from[field];
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new UnreadableAnswer(`"${field}" is missing or not a number`);
}

export function optionalText(from: JsonRecord, field: string): string | undefined {
  const value = from[field];
  return typeof value === 'string' ? value : undefined;
}

export function optionalCount(from: JsonRecord, field: string): number | undefined {
  return from[field] === undefined || from[field] === null ? undefined : count(from, field);
}

export function optionalFlag(from: JsonRecord, field: string): boolean | undefined {
  const value = from[field];
  return typeof value === 'boolean' ? value : undefined;
}

/** A text that says something: Orthanc writes '' for what is not set. */
export function filledText(from: JsonRecord, field: string): string | undefined {
  return optionalText(from, field) || undefined;
}

export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new UnreadableAnswer('an entry is not a text');
}

/** Names as Orthanc lists them. */
export const parseNames = (value: unknown): string[] => list(value, 'the answer', plainText);

/** Orthanc's own identifiers: five groups of eight hexadecimal digits. */
export function identifier(value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/.test(value)) return value;
  throw new UnreadableAnswer('an Orthanc identifier is missing or malformed');
}
