import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod';
import type { Path } from './written-file.ts';

export interface Fault {
  readonly path: Path;
  /** What is wrong: the last key itself, or, when left out, what it stands for. */
  readonly part?: 'key';
  /** Continues a sentence that begins with the path; repeats no value. */
  readonly fault: string;
}

/** What the file says, with defaults; or everything that is wrong with it by its declaration alone. */
export function checkShape<Shape extends z.ZodType>(
  content: unknown,
  shape: Shape,
): { readonly content: z.output<Shape> } | { readonly faults: Fault[] } {
  const { success, data, error } = shape.safeParse(content, { error: wordsFor });
  if (success) return { content: data };
  const schema = z.toJSONSchema(shape, { io: 'input' }) as Schema;
  return { faults: error.issues.flatMap((issue) => faultsOf(issue, schema)) };
}

function faultsOf(issue: z.core.$ZodIssue, schema: Schema): Fault[] {
  const { path } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path, fault: issue.message }];
  return issue.keys.map((key) => ({
    path: [...path, key],
    part: 'key',
    fault: `is not known here${hintFor(schemaAt(schema, path), key)}`,
  }));
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list, such as [CT, MR]',
  object: 'an object with keys of its own',
  record: 'an object with keys of its own',
  int: 'a whole number',
  number: 'a number',
};

/** In our own words, for whatever the declaration has no words of its own. */
function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined || issue.input === null) return 'is missing';
    if (issue.expected === 'string' && typeof issue.input !== 'object')
      return 'must be text: put it in quotes';
    return `must be ${kinds[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small')
    return isOfNumber(issue) ? `must be ${inDigits(issue.minimum)} or more` : 'is empty';
  return issue.code === 'too_big' && isOfNumber(issue)
    ? `must be ${inDigits(issue.maximum)} or less`
    : undefined;
}

const isOfNumber = ({ origin }: { readonly origin: string }): boolean => ['number', 'int'].includes(origin);

const inDigits = (limit: number | bigint): string => limit.toLocaleString('en-US');

function hintFor(schema: Schema | undefined, key: string): string {
  const known = Object.keys(schema?.properties ?? {});
  if (known.length === 0) return '';
  const nearest = closest(key, known);
  return distance(key, nearest) <= Math.max(2, key.length / 3)
    ? `. Did you mean ${nearest}?`
    : ` (known are ${known.filter((name) => name !== '$schema').join(', ')})`;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

function schemaAt(whole: Schema, path: Path): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (schema, step) => schema?.properties?.[String(step)] ?? schema?.items ?? schema?.additionalProperties,
    whole,
  );
}
