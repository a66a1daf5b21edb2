/**
 * The text of `JSON.stringify(value, undefined, 2)`, piece by piece. Whatever can be iterated over is written as a list, one
 * element after the other as it is read: a list that would not fit into memory need not be there.
 */
export function* jsonPieces(value: unknown, indent = ''): Generator<string, void, undefined> {
  const inner = `${indent}  `;
  if (isIterable(value)) yield* enclosed('[]', elementsOf(value, inner), indent);
  else if (isRecord(value)) yield* enclosed('{}', fieldsOf(value, inner), indent);
  else yield textOf(value);
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value && !(value instanceof Map);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !('toJSON' in value);

/** In a list, what JSON cannot say is told as nothing. */
const textOf = (value: unknown): string => (JSON.stringify(value) as string | undefined) ?? 'null';

type Pieces = Iterable<string>;

function* elementsOf(values: Iterable<unknown>, indent: string): Generator<Pieces> {
  for (const value of values) yield jsonPieces(value, indent);
}

function* fieldsOf(record: Readonly<Record<string, unknown>>, indent: string): Generator<Pieces> {
  for (const [name, value] of Object.entries(record))
    if (value !== undefined && typeof value !== 'function') yield fieldOf(name, value, indent);
}

function* fieldOf(name: string, value: unknown, indent: string): Generator<string> {
  yield `${JSON.stringify(name)}: `;
  yield* jsonPieces(value, indent);
}

function* enclosed([open, close]: string, all: Iterable<Pieces>, indent: string): Generator<string> {
  let isEmpty = true;
  yield open ?? '';
  for (const pieces of all) {
    yield isEmpty ? `\n${indent}  ` : `,\n${indent}  `;
    isEmpty = false;
    yield* pieces;
  }
  yield `${isEmpty ? '' : `\n${indent}`}${close ?? ''}`;
}

/** Fewer and larger pieces (characters). */
const enough = 65_536;

export function* joined(pieces: Iterable<string>): Generator<string, void, undefined> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < enough) continue;
    yield text;
    text = '';
  }
  yield text;
}
