import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

let servers: MatrixServers;
beforeAll(async () => {
  servers = await openMatrix();
}, 300_000);
afterAll(() => servers[Symbol.asyncDispose]());

describe('nothing is gone from the inbox that is not at every destination', () => {
  it('is tried with every pair of circumstances', () => {
    expect(pairsOf(pairwiseCases)).toEqual(pairsOf(everyCase));
  });

  it.each(pairwiseCases.map((one, index) => [titleOf(one), one, 340 + index] as const))(
    'by %s',
    (_, one, seed) => tryCase(one, seed, servers),
  );
});
