import { describe, expect, it } from '@jest/globals';
import { joined, jsonPieces } from './json-pieces.ts';

const written = (value: unknown): string => [...jsonPieces(value)].join('');

describe('JSON in pieces', () => {
  it.each([
    [{ a: 1, b: [], c: {}, d: [1, 'two', null, [true]], e: { 'f "g"': [{ h: undefined }] } }],
    [{ at: new Date(0), none: undefined, list: [undefined, Number.NaN] }],
    [[]],
    ['text'],
    [null],
  ])('says what JSON says of %j', (value) => {
    expect(written(value)).toBe(JSON.stringify(value, undefined, 2));
  });

  it('writes what can be iterated over as a list, and holds none of it', () => {
    let read = 0;
    const list = {
      *[Symbol.iterator]() {
        for (; read < 3; read += 1) yield { number: read, parts: new Set(['a', 'b']) };
      },
    };
    const told = [0, 1, 2].map((number) => ({ number, parts: ['a', 'b'] }));
    const pieces = jsonPieces({ list });
    let text = '';
    for (const piece of pieces) {
      text += piece;
      if (piece === '0') expect(read).toBe(0);
    }
    expect(text).toBe(JSON.stringify({ list: told }, undefined, 2));
  });

  it('is joined to pieces that are worth a write', () => {
    const pieces = [...joined(Array.from({ length: 100_000 }, () => 'ab'))];
    expect(pieces.join('')).toBe('ab'.repeat(100_000));
    expect(pieces.length).toBe(4);
  });
});
