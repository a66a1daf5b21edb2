import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { readLedger } from '@orthanc-tools/work-ledger';
import { type Scene, openScene } from './forward-scene.ts';

const dayMs = 24 * 60 * 60 * 1000;
const daysLater = (days: number): Clock => ({
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + days * dayMs),
});

const files = ['forwarder.ledger', 'forwarder.to-archive.ledger', 'forwarder.deletion.ledger'];

/** How many units each ledger knows. */
const knownIn = ({ folder }: Scene<string>) =>
  files.map((name) => {
    using ledger = readLedger(join(folder, `${name}.sqlite`));
    return ledger.rows({ limit: 99 }).length;
  });

/** What `status` shows, without whether it runs. */
async function statusOf(scene: Scene<string>): Promise<unknown> {
  const { stdout } = await scene.run({ command: ['status', '--json'] });
  return (JSON.parse(stdout) as { tally: unknown }).tally;
}

/** What ends is counted after ten days. */
const tenDaysTo = ({ url }: { readonly url: string }) => [
  ...['--destination=archive', '--mode=peering', `--dest-url=${url}`],
  ...['--trigger=StableStudy', '--keep-records-days=10'],
];

describe('a study that was forwarded and deleted', () => {
  it('is only counted after so many days, and is forwarded anew should it come again', async () => {
    await using scene = await openScene({ seed: 371, destinations: { archive: {} } });
    const more = tenDaysTo(scene.destinations.archive);
    const first = await scene.run({ more });
    const status = await statusOf(scene);
    await scene.run({ more, clock: daysLater(9) });
    expect(knownIn(scene)).toEqual([2, 2, 2]);
    const { summary } = await scene.run({ more, clock: daysLater(11) });
    expect(knownIn(scene)).toEqual([0, 0, 0]);
    expect(await statusOf(scene)).toEqual(status);
    expect(summary).toEqual(first.summary);
    await seedOrthanc(scene.inbox, scene.files);
    expect((await scene.run({ more, clock: daysLater(12) })).summary).toMatchObject({
      forwardedUnits: 4,
      forwardedInstances: 24,
      deletedInstances: 24,
    });
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is only counted also by a run that goes on, and one that is still there stays known', async () => {
    await using scene = await openScene({ seed: 372, destinations: { archive: {} } });
    const more = tenDaysTo(scene.destinations.archive);
    await scene.run({ more });
    await seedOrthanc(scene.inbox, scene.files);
    await scene.run({ more: [...more, '--keep-days=30'] });
    const [gone = ''] = (await (await fetch(`${scene.inbox.url}/studies`)).json()) as string[];
    await fetch(`${scene.inbox.url}/studies/${gone}`, { method: 'DELETE' });
    const stop = new AbortController();
    await scene.run({
      more: [...more, '--keep-days=30'],
      clock: daysLater(11),
      isFollowing: true,
      signal: stop.signal,
      onOutput: (stdout) => {
        if (stdout.includes('"event":"ledger.condensed"')) stop.abort();
      },
    });
    expect(knownIn(scene)).toEqual([2, 1, 2]);
  });
});
