import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { modes } from '../src/destination.ts';
import { type MatrixCase, titleOf } from './matrix-cases.ts';
import { type MatrixServers, openMatrix } from './matrix-servers.ts';
import { tryCase } from './try-case.ts';

/** A test of each case, those of one mode on the same servers, each with studies of a seed of its own. */
export function tryCases(all: readonly MatrixCase[], { firstSeed }: { readonly firstSeed: number }): void {
  const cases = all.map((one, index) => [titleOf(one), one, firstSeed + index] as const);
  describe.each(modes)('by %s, nothing is gone from the inbox that is not at every destination', (mode) => {
    let servers: MatrixServers;
    beforeAll(async () => {
      servers = await openMatrix();
    }, 300_000);
    afterAll(() => servers[Symbol.asyncDispose]());

    it.each(cases.filter(([, one]) => one.mode === mode))('%s', (_, one, seed) =>
      tryCase(one, seed, servers),
    );
  });
}
