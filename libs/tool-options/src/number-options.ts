import { declareEntry, lastOf } from './declare-entry.ts';
import type { Demanded, OptionEntry, OptionSettings, Parsed, Present } from './option-entry.ts';
import { durationUnits, formatDuration, parseDuration } from './duration.ts';
import type { DurationUnit } from './duration.ts';

export interface CountSettings extends OptionSettings<number> {
  /** Smallest permitted value; 0 when left out. */
  readonly min?: number;
  readonly max?: number;
}

export interface DurationSettings extends OptionSettings<number, string> {
  /** As written by a person, such as "1s". */
  readonly min?: string;
  readonly max?: string;
  /** What a bare number means, where the Python tool had none but bare numbers. */
  readonly bareUnit?: DurationUnit;
}

function describeRange(min: string | undefined, max: string | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  if (max !== undefined) return `${max} at most`;
  return min === undefined ? undefined : `${min} or more`;
}

/** A whole number. */
export function count<const Settings extends CountSettings>(
  settings: Settings,
): OptionEntry<Present<Settings, number>, Demanded<Settings>> {
  const { min = 0, max } = settings;
  const range = describeRange(String(min), max === undefined ? undefined : String(max));
  const parse = (texts: readonly string[]): Parsed<number> => {
    const given = lastOf(texts).trim();
    const value = Number(given);
    const isWithin = value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER);
    return /^[+-]?\d+$/.test(given) && isWithin
      ? { value }
      : { fault: `must be a whole number, ${range}, not "${given}"` };
  };
  return declareEntry<number, number, Settings>(
    { kind: 'count', placeholder: 'N', permitted: range, parse, format: String },
    settings,
  );
}

function millisecondsOf(written: string): number {
  const parsed = parseDuration(written);
  if (parsed === undefined) throw new TypeError(`"${written}" is not a duration`);
  return parsed;
}

/** A length of time, given as "30s", "500ms", "2h" or "1h30m"; its value is in milliseconds. */
export function duration<const Settings extends DurationSettings>(
  settings: Settings,
): OptionEntry<Present<Settings, number>, Demanded<Settings>> {
  const { min, max, bareUnit } = settings;
  const range = describeRange(min, max);
  const lowest = min === undefined ? 0 : millisecondsOf(min);
  const highest = max === undefined ? Number.MAX_SAFE_INTEGER : millisecondsOf(max);
  const parse = (texts: readonly string[]): Parsed<number> => {
    const given = lastOf(texts).trim();
    const value = parseDuration(given, bareUnit);
    if (value !== undefined && value >= lowest && value <= highest) return { value };
    const units = Object.keys(durationUnits).join(', ');
    return {
      fault: `must be a length of time such as 30s (units: ${units})${range ? `, ${range}` : ''}, not "${given}"`,
    };
  };
  return declareEntry<number, string, Settings>(
    {
      kind: 'duration',
      placeholder: 'TIME',
      permitted: range,
      parse,
      format: formatDuration,
      readDefault: millisecondsOf,
    },
    settings,
  );
}
