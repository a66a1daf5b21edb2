import { describe, expect, it } from '@jest/globals';
import { fillScene } from './forward-scene.ts';
import { watchInbox } from './inbox-watcher.ts';
import { type MatrixCase, everyCase, pairwiseCases } from './matrix-cases.ts';
import { openMatrix } from './matrix-servers.ts';
import { tryCases } from './try-cases.ts';

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

tryCases(pairwiseCases, { firstSeed: 340 });

describe('whoever watches', () => {
  it('sees what is gone from the inbox and at no destination, where nobody wants a proof', async () => {
    await using servers = await openMatrix();
    await using scene = await fillScene(servers, { seed: 339 });
    const destinationUrls = [servers.destinations.lying.url];
    const watching = await watchInbox({ inboxUrl: scene.inbox.url, destinationUrls, seed: 339 });
    await scene.run({ more: ['--destination=lying', '--trigger=StableStudy', '--verify=none'] });
    const { lost } = await watching.end();
    expect(lost.toSorted()).toEqual(scene.sent.map((id) => `${id} at ${String(destinationUrls[0])}`));
  });
});
