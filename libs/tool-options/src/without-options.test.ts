import { expect, it } from '@jest/globals';
import { withoutOptions } from './without-options.ts';

it('leaves out what is named, and nothing else', () => {
  const table = { a: 1, b: 2, c: 3 };
  expect(withoutOptions(table, 'b')).toEqual({ a: 1, c: 3 });
  expect(withoutOptions(table, 'a', 'c')).toEqual({ b: 2 });
  expect(table).toEqual({ a: 1, b: 2, c: 3 });
});
