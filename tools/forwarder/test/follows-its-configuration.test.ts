import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@orthanc-tools/scheduling';
import { holdFirst, openScene } from './forward-scene.ts';

describe('what still waits', () => {
  it.each([
    ['StableStudy', 'NewInstance'],
    ['NewInstance', 'StableSeries'],
  ])('is forwarded also where the trigger %s has become %s', async (before, after) => {
    await using scene = await openScene({ seed: 371, destinations: { pacs: {} } });
    const { pacs } = scene.destinations;
    await pacs.stop();
    const stop = new AbortController();
    await scene.run({
      more: ['--destination=pacs', `--trigger=${before}`],
      signal: stop.signal,
      onOutput: (stdout) => {
        if (stdout.includes('"destination.down"')) stop.abort();
      },
    });
    await pacs.start();
    const { exitCode } = await scene.run({ more: ['--destination=pacs', `--trigger=${after}`] });
    expect(exitCode).toBe(0);
    expect(await scene.held(pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});

describe('a study that is still arriving', () => {
  it.each([
    ['StableStudy', 'StableSeries'],
    ['StableSeries', 'StableStudy'],
  ])('is forwarded also where the trigger %s has become %s', async (before, after) => {
    await using scene = await openScene({ seed: 374, studies: 1, destinations: { pacs: {} } });
    const stop = new AbortController();
    await scene.run({
      more: ['--destination=pacs', `--trigger=${before}`, '--log-level=debug'],
      quietTime: '30s',
      signal: stop.signal,
      onOutput: (stdout) => {
        if (stdout.includes('"step":"admit"')) stop.abort();
      },
    });
    expect(await scene.held(scene.destinations.pacs)).toEqual([]);
    const { exitCode } = await scene.run({
      more: ['--destination=pacs', `--trigger=${after}`],
      clock: { ...systemClock, now: () => new Date(Date.now() + dayMs) },
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});

describe('what was proved at every destination', () => {
  it('is not deleted before it is decided anew whether one that was added is to have it', async () => {
    await using scene = await openScene({ seed: 372, studies: 3, destinations: { pacs: {}, archive: {} } });
    const { pacs, archive } = scene.destinations;
    await scene.run({ more: ['--destination=pacs', '--trigger=StableStudy', '--keep-days=1'] });
    expect(await scene.held(pacs)).toEqual(scene.sent);
    const listing = holdFirst(scene.proxy, ({ path }) => path.startsWith('/studies?'));
    const running = scene.run({
      more: ['--destination=pacs,archive', '--trigger=StableStudy', '--log-level=debug'],
      clock: { ...systemClock, now: () => new Date(Date.now() + 2 * dayMs) },
      onOutput: (stdout) => {
        if (/"(deletion.undecided|unit.deleted)"/.test(stdout)) listing.letGo();
      },
    });
    expect((await running).exitCode).toBe(0);
    expect(await scene.held(archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});

describe('what still waits for a destination', () => {
  it.each([
    ['filter', { filter: { modalities: ['MR'] } }, []],
    ['hook', {}, ['filterInstance']],
  ])('does not go there once a %s that was added withholds it', async (_, more, functions) => {
    await using scene = await openScene({ seed: 375, studies: 3, destinations: { pacs: {}, research: {} } });
    const { pacs, research } = scene.destinations;
    await research.stop();
    const stop = new AbortController();
    await scene.run({
      more: ['--destination=pacs,research', '--trigger=StableStudy', '--max-retries=0'],
      isFollowing: true,
      signal: stop.signal,
      onOutput: (stdout) => {
        const areSent = [...stdout.matchAll(/"event":"unit.forwarded"/g)].length === 3;
        if (areSent && stdout.includes('"destination.down"')) stop.abort();
      },
    });
    await research.start();
    const hooks = join(scene.folder, 'withholding.mjs');
    await writeFile(
      hooks,
      functions.map((name) => `export const ${name} = ({ destination }) => destination === 'pacs';`).join(''),
    );
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'pacs', target: 'pacs' },
        { name: 'research', target: 'research', ...more },
      ],
    });
    // The destinations look for work before it is decided anew.
    const listing = holdFirst(scene.proxy, ({ path }) => path.startsWith('/studies?'));
    const { exitCode, stdout, summary } = await scene.run({
      more: [
        file,
        '--trigger=StableStudy',
        '--log-level=debug',
        ...(functions.length > 0 ? [`--hooks=${hooks}`] : []),
      ],
      onOutput: (output) => {
        if (/"(sending.undecided|unit.forwarded)"/.test(output)) listing.letGo();
      },
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(research)).toEqual([]);
    expect(await scene.held(pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(stdout).toMatch(/"event":"destination.wants_less".*"destination":"research","units":3/);
    expect(summary).toMatchObject({ setAsideUnits: 0, waitingUnits: 0 });
  });
});

describe('a study of which nobody could decide who is to have it', () => {
  it('stays, although all that were to have it before do, until that is decided', async () => {
    await using scene = await openScene({ seed: 373, studies: 2, destinations: { pacs: {}, research: {} } });
    const { pacs, research } = scene.destinations;
    await scene.run({ more: ['--destination=pacs', '--trigger=StableStudy', '--keep-days=1'] });
    expect(await scene.held(pacs)).toEqual(scene.sent);
    const later = async (answer: string) => {
      // What was loaded once is not read again.
      const path = join(scene.folder, `hooks-${String(answer.length)}.mjs`);
      await writeFile(path, `export const filterStudy = ({ destination }) => { ${answer} };`);
      return scene.run({
        more: ['--destination=pacs,research', '--trigger=StableStudy', `--hooks=${path}`],
        clock: { ...systemClock, now: () => new Date(Date.now() + 2 * dayMs) },
      });
    };
    const refused = await later(`if (destination === 'research') throw new Error('asleep'); return true;`);
    expect(refused).toMatchObject({ exitCode: 3, summary: { setAsideUnits: 2, deletedInstances: 0 } });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect((await scene.run({ command: ['requeue', '--all'] })).exitCode).toBe(0);
    expect((await later('return true;')).exitCode).toBe(0);
    expect(await scene.held(research)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});

const dayMs = 24 * 60 * 60 * 1000;
