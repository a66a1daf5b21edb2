import type { Code } from './vector-code.ts';
import * as vector from './vector-code.ts';

// MD5 (RFC 1321) of eight files in vector registers: each step of the hash waits for the one before, so that a processor
// has room for those of other files meanwhile. Two vectors of four files each.

export const lanes = 8;
const inVector = 4;
const vectors = lanes / inVector;

/** So many bytes of each file are given at once. */
export const stretch = 16 * 1024;
export const blockBytes = 64;

const [constantsAt, statesAt, inputAt] = [0, 1024, 2048];
const pageBytes = 65_536;
const start = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

const rotations = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const wordOf = [
  (step: number) => step,
  (step: number) => (5 * step + 1) % 16,
  (step: number) => (3 * step + 5) % 16,
  (step: number) => (7 * step) % 16,
];

/** Locals: 0 is the end of the input, 1 where it is read, 2 all ones; then those of each vector of files. */
const [end, at, ones] = [0, 1, 2];
const localsEach = 4 + 16 + 4 + 1;

interface Locals {
  readonly state: readonly [number, number, number, number];
  readonly words: readonly number[];
  readonly rows: readonly [number, number, number, number];
  readonly sum: number;
}

function localsOf(set: number): Locals {
  const first = ones + 1 + set * localsEach;
  const four = (from: number) => [from, from + 1, from + 2, from + 3] as const;
  return {
    state: four(first),
    words: Array.from({ length: 16 }, (_, word) => first + 4 + word),
    rows: four(first + 20),
    sum: first + 24,
  };
}

const stateAt = (set: number, word: number): number => statesAt + (set * 4 + word) * 16;

/** Reads sixteen bytes of each of four files, and turns rows into columns: the first word of each, the second … */
function readWords(set: number, group: number, { rows, words }: Locals): Code {
  const [a, b, c, d] = rows;
  const [p, q, r, s] = words.slice(group * 4, group * 4 + 4) as [number, number, number, number];
  const join = (one: number, other: number, how: Code, into: number): Code => [
    ...vector.read(one),
    ...vector.read(other),
    ...how,
    ...vector.write(into),
  ];
  const offset = (lane: number) => inputAt + (set * inVector + lane) * stretch + group * 16;
  const readRows = rows.flatMap((row, lane) => [
    ...vector.read(at),
    ...vector.load(offset(lane)),
    ...vector.write(row),
  ]);
  return [
    ...readRows,
    ...join(a, b, vector.firstWords, p),
    ...join(a, b, vector.lastWords, r),
    ...join(c, d, vector.firstWords, a),
    ...join(c, d, vector.lastWords, b),
    ...join(p, a, vector.lastPairs, q),
    ...join(p, a, vector.firstPairs, p),
    ...join(r, b, vector.lastPairs, s),
    ...join(r, b, vector.firstPairs, r),
  ];
}

type State = readonly [number, number, number, number];

/** What a step adds of the other three words; `sum` is on the stack. */
function mixed(round: number, [, b, c, d]: State): Code {
  const { read, add, and, andNot, or, xor, choose } = vector;
  if (round === 0) return [...read(c), ...read(d), ...read(b), ...choose, ...add];
  // Both halves have no bit in common; the first does not wait for the step before.
  if (round === 1) return [...read(c), ...read(d), ...andNot, ...add, ...read(b), ...read(d), ...and, ...add];
  if (round === 2) return [...read(c), ...read(d), ...xor, ...read(b), ...xor, ...add];
  return [...read(d), ...read(ones), ...xor, ...read(b), ...or, ...read(c), ...xor, ...add];
}

function stepOf(step: number, state: State, { words, sum }: Locals): Code {
  const round = step >> 4;
  const [a, b] = state;
  const { read, write, add, load, number, shiftLeft, shiftRight, or } = vector;
  const word = words[wordOf[round]?.(step) ?? 0] ?? 0;
  const by = rotations[round]?.[step % 4] ?? 0;
  return [
    ...[...read(a), ...read(word), ...add, ...number(0), ...load(constantsAt + step * 16), ...add],
    ...mixed(round, state),
    ...write(sum),
    ...[...read(sum), ...number(by), ...shiftLeft, ...read(sum), ...number(32 - by), ...shiftRight, ...or],
    ...[...read(b), ...add, ...write(a)],
  ];
}

/** The block of every file; steps of the vectors take turns. */
function block(all: readonly Locals[]): Code {
  const code: number[] = [];
  for (const [set, locals] of all.entries())
    for (const group of [0, 1, 2, 3]) code.push(...readWords(set, group, locals));
  let states: readonly State[] = all.map(({ state }) => state);
  for (let step = 0; step < 64; step += 1) {
    for (const [set, locals] of all.entries())
      code.push(...stepOf(step, states[set] ?? locals.state, locals));
    states = states.map(([a, b, c, d]) => [d, a, b, c]);
  }
  for (const [set, { state }] of all.entries())
    for (const [word, local] of state.entries())
      code.push(
        ...[...vector.number(0), ...vector.number(0), ...vector.load(stateAt(set, word))],
        ...[...vector.read(local), ...vector.add, ...vector.store(stateAt(set, word))],
        ...[...vector.number(0), ...vector.load(stateAt(set, word)), ...vector.write(local)],
      );
  return code;
}

function program(): Uint8Array<ArrayBuffer> {
  const all = Array.from({ length: vectors }, (_, set) => localsOf(set));
  const { read, write, number, load, fourTimes, addNumbers, isLess, loop } = vector;
  const begin = all.flatMap(({ state }, set) =>
    state.flatMap((local, word) => [...number(0), ...load(stateAt(set, word)), ...write(local)]),
  );
  const next = [
    ...read(at),
    ...number(blockBytes),
    ...addNumbers,
    ...write(at),
    ...read(at),
    ...read(end),
    ...isLess,
  ];
  const body = [...number(-1), ...fourTimes, ...write(ones), ...begin, ...loop([...block(all), ...next])];
  const pages = Math.ceil((inputAt + lanes * stretch) / pageBytes);
  return vector.moduleOf(body, { vectors: 1 + vectors * localsEach, pages });
}

/** Of Node, whose types leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; run(bytes: number): void };
  };
};

export interface Md5Lanes {
  /** Where the next blocks of a lane are put, `stretch` bytes at most. */
  readonly inputs: readonly Uint8Array[];
  begin(lane: number): void;
  /** Hashes so many bytes of each lane, whole blocks. */
  run(bytes: number): void;
  /** The hash of all that a lane was given since it began. */
  digest(lane: number): string;
}

/** @throws where WebAssembly has no vectors, or is forbidden */
export function openMd5Lanes(): Md5Lanes {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(program()));
  const { buffer } = exports.memory;
  const view = new DataView(buffer);
  for (let step = 0; step < 64; step += 1)
    for (let copy = 0; copy < inVector; copy += 1)
      view.setUint32(
        constantsAt + (step * inVector + copy) * 4,
        Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32),
        true,
      );
  const placeOf = (lane: number, word: number) =>
    stateAt(Math.floor(lane / inVector), word) + (lane % inVector) * 4;
  return {
    inputs: Array.from(
      { length: lanes },
      (_, lane) => new Uint8Array(buffer, inputAt + lane * stretch, stretch),
    ),
    begin(lane) {
      for (const [word, value] of start.entries()) view.setUint32(placeOf(lane, word), value, true);
    },
    run: (bytes) => {
      exports.run(bytes);
    },
    digest(lane) {
      const digest = Buffer.alloc(16);
      for (const word of start.keys())
        digest.writeUInt32LE(view.getUint32(placeOf(lane, word), true), word * 4);
      return digest.toString('hex');
    },
  };
}
