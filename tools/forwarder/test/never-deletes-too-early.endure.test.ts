import { describe, it } from '@jest/globals';
import { everyCase, titleOf, tryCase } from './matrix.ts';

describe('nothing is gone from the inbox that is not at every destination', () => {
  it.each(everyCase.map((one, index) => [titleOf(one), one, 400 + index] as const))('by %s', (_, one, seed) =>
    tryCase(one, seed),
  );
});
