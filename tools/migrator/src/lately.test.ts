import { expect, it } from '@jest/globals';
import { lately } from './lately.ts';

it('knows a word again, until so many others have come', () => {
  const isNew = lately(2);
  expect(['a', 'a', 'b', 'a', 'c', 'b', 'a'].map(isNew)).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});
