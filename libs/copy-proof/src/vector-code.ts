// The few instructions of WebAssembly with which MD5 is written down, as bytes (WebAssembly Core Specification, 5.4).

export type Code = readonly number[];

const unsigned = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
};

const signed = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const isLast = rest >= -0x40 && rest < 0x40;
    if (isLast) return [...bytes, rest & 0x7f];
    bytes.push((rest & 0x7f) | 0x80);
  }
};

const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
/** Aligned to 16 bytes; the offset is added to the address on the stack. */
const inMemory = (opcode: number, offset: number): Code => [...vector(opcode), 4, ...unsigned(offset)];

/** Four words of either operand, which are counted 0 to 3 and 4 to 7. */
const shuffle = (...words: readonly number[]): Code => [
  ...vector(0x0d),
  ...words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte)),
];

export const read = (local: number): Code => [0x20, ...unsigned(local)];
export const write = (local: number): Code => [0x21, ...unsigned(local)];
export const number = (value: number): Code => [0x41, ...signed(value)];
export const addNumbers: Code = [0x6a];
export const isLess: Code = [0x49];
/** Ends a loop, which begins anew where the number on the stack is not 0. */
export const loop = (body: Code): Code => [0x03, 0x40, ...body, 0x0d, 0, 0x0b];

export const load = (offset: number): Code => inMemory(0x00, offset);
export const store = (offset: number): Code => inMemory(0x0b, offset);
export const fourTimes: Code = vector(0x11);
export const and: Code = vector(0x4e);
export const andNot: Code = vector(0x4f);
export const or: Code = vector(0x50);
export const xor: Code = vector(0x51);
/** Bits of the first where the third has ones, otherwise of the second. */
export const choose: Code = vector(0x52);
export const shiftLeft: Code = vector(0xab);
export const shiftRight: Code = vector(0xad);
export const add: Code = vector(0xae);
export const firstWords: Code = shuffle(0, 4, 1, 5);
export const lastWords: Code = shuffle(2, 6, 3, 7);
export const firstPairs: Code = shuffle(0, 1, 4, 5);
export const lastPairs: Code = shuffle(2, 3, 6, 7);

const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

/** A module of one function `run`, which takes one number, and its `memory`. Locals: the number, another one, and vectors. */
export function moduleOf(
  body: Code,
  { vectors, pages }: { vectors: number; pages: number },
): Uint8Array<ArrayBuffer> {
  const [word, vectorType, none] = [0x7f, 0x7b, 0];
  const locals = list([
    [1, word],
    [...unsigned(vectors), vectorType],
  ]);
  const code = [...locals, ...body, 0x0b];
  const named = (name: string, ...what: readonly number[]): Code => [
    name.length,
    ...Buffer.from(name),
    ...what,
  ];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, 1, word, none]])),
    ...section(3, list([[0]])),
    ...section(5, list([[1, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, list([named('memory', 2, 0), named('run', 0, 0)])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}
