import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modes } from '../src/destination.ts';
import {
  type MatrixCase,
  type MatrixServers,
  everyCase,
  openMatrix,
  pairwiseCases,
  titleOf,
  tryCase,
} from './matrix.ts';

const pairsOf = (cases: readonly MatrixCase[]): Set<string> =>
  new Set(
    cases.flatMap((one) => {
      const values = Object.entries(one).map(([factor, value]) => `${factor} ${String(value)}`);
      return values.flatMap((first, index) => values.slice(index + 1).map((second) => `${first}, ${second}`));
    }),
  );

describe('nothing is gone from the inbox that is not at every destination', () => {
  it('is tried with every pair of circumstances', () => {
    expect(pairsOf(pairwiseCases)).toEqual(pairsOf(everyCase));
  });
});

describe.each(modes)('by %s, nothing is gone from the inbox that is not at every destination', (mode) => {
  let servers: MatrixServers;
  beforeAll(async () => {
    servers = await openMatrix();
  }, 300_000);
  afterAll(() => servers[Symbol.asyncDispose]());

  const cases = pairwiseCases.map((one, index) => [titleOf(one), one, 340 + index] as const);
  it.each(cases.filter(([, one]) => one.mode === mode))('%s', (_, one, seed) => tryCase(one, seed, servers));
});
