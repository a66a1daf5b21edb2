import { describe, expect, it } from '@jest/globals';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { altered, holdFirst, openScene } from './forward-scene.ts';

const isDeletion = ({ path }: { readonly path: string }) => path === '/tools/bulk-delete';
const overwriting = { configuration: { OverwriteInstances: true } };

describe('a deletion', () => {
  it.each(['StableStudy', 'StableSeries', 'NewInstance'])(
    'spares what arrives in the same study while it is under way, which is forwarded next, on %s',
    async (trigger) => {
      await using scene = await openScene({ seed: 321, studies: 1, withheld: 1, destinations: { pacs: {} } });
      const more = ['--destination=pacs', `--trigger=${trigger}`];
      const deletion = holdFirst(scene.proxy, isDeletion);
      const running = scene.run({ more });
      await deletion.isHeld;
      await seedOrthanc(scene.inbox, scene.files.slice(-1));
      // Other instances may be deleted meanwhile: no count would agree with a list.
      const listed = (await (await fetch(`${scene.inbox.url}/instances`)).json()) as string[];
      const late = listed.filter((id) => !scene.sent.includes(id));
      expect(late).toHaveLength(1);
      deletion.letGo();
      expect((await running).exitCode).toBe(0);
      expect(await scene.held(scene.inbox)).toEqual(late);
      expect((await scene.run({ more })).exitCode).toBe(0);
      expect(await scene.held(scene.inbox)).toEqual([]);
      expect(await scene.held(scene.destinations.pacs)).toHaveLength(scene.files.length);
    },
  );

  it('spares what was overwritten after it was proved, while the destination was asked once more', async () => {
    await using scene = await openScene({
      seed: 322,
      studies: 1,
      inbox: overwriting,
      destinations: { pacs: {} },
    });
    let output = '';
    const question = holdFirst(
      scene.proxy,
      ({ path }) => path === '/modalities/pacs/query' && output.includes('unit.forwarded'),
    );
    const more = ['--destination=pacs', '--trigger=StableStudy'];
    const running = scene.run({ more, onOutput: (stdout) => (output = stdout) });
    await question.isHeld;
    await seedOrthanc(scene.inbox, [altered(scene.files[0])]);
    question.letGo();
    await running;
    expect(await scene.held(scene.inbox)).toHaveLength(1);
    // What the destination holds is the version before: nobody can say so by C-FIND, and nothing is deleted on it.
    const { exitCode, setAside } = await scene.run({ more });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['HELD_BEFORE']]);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });

  it('spares what was overwritten while it was kept for some days', async () => {
    await using scene = await openScene({
      seed: 323,
      studies: 1,
      inbox: overwriting,
      destinations: { archive: {} },
    });
    const { archive } = scene.destinations;
    const more = ['--mode=peering', '--destination=archive', `--dest-url=${archive.url}`];
    await scene.run({ more: [...more, '--trigger=StableStudy', '--keep-days=1'] });
    await seedOrthanc(scene.inbox, [altered(scene.files[0])]);
    const { exitCode, setAside } = await scene.run({
      more: [...more, '--trigger=StableStudy'],
      clock: daysLater(2),
    });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['CONTENT_CONFLICT']]);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });

  it('of nothing that the destination holds in an older version', async () => {
    await using scene = await openScene({ seed: 324, studies: 1, destinations: { archive: {} } });
    const { archive } = scene.destinations;
    await seedOrthanc(archive, scene.files.map(altered));
    const { exitCode, setAside, transfers } = await scene.run({
      more: ['--mode=peering', '--destination=archive', `--dest-url=${archive.url}`, '--trigger=StableStudy'],
    });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['CONTENT_CONFLICT']]);
    expect(transfers).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect(scene.proxy.requests.some(isDeletion)).toBe(false);
  });
});

const dayMs = 24 * 60 * 60 * 1000;

const daysLater = (days: number): Clock => ({
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + days * dayMs),
});
