import { unescapeValue } from './escapes.ts';
import type { Separators } from './header.ts';
import type { MessageCharset } from './message-charset.ts';

/** One component: its sub-components, mostly one. */
export type Component = readonly string[];
/** One repetition of a field: its components. */
export type Repetition = readonly Component[];

export interface Reading {
  read(value: string): string;
  readonly separators: Separators;
  readonly charset: MessageCharset;
}

/** The shapes that hl7-standard gives a field: text, components by name, or a list; a list of texts is one of sub-components. */
export function fieldsOf(value: unknown, reading: Reading): readonly Repetition[] {
  if (value === undefined || value === '') return [];
  const isRepeated = Array.isArray(value) && value.some((one) => typeof one === 'object');
  const repetitions: readonly unknown[] = isRepeated ? value : [value];
  return repetitions.map((one) => componentsOf(one, reading));
}

function componentsOf(value: unknown, reading: Reading): Repetition {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.values(value).map((component) => subcomponentsOf(component, reading));
  return [subcomponentsOf(value, reading)];
}

function subcomponentsOf(value: unknown, { read, separators, charset }: Reading): Component {
  const texts = Array.isArray(value) ? value : [value];
  return texts.map((text) => unescapeValue(read(typeof text === 'string' ? text : ''), separators, charset));
}
