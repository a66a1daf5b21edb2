import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type MatrixServers, everyCase, openMatrix, titleOf, tryCase } from './matrix.ts';

let servers: MatrixServers;
beforeAll(async () => {
  servers = await openMatrix();
}, 300_000);
afterAll(() => servers[Symbol.asyncDispose]());

describe('nothing is gone from the inbox that is not at every destination', () => {
  it.each(everyCase.map((one, index) => [titleOf(one), one, 400 + index] as const))('by %s', (_, one, seed) =>
    tryCase(one, seed, servers),
  );
});
