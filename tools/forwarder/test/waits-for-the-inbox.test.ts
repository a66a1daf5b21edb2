import { describe, expect, it } from '@jest/globals';
import { openScene } from './forward-scene.ts';

describe('an inbox that goes away behind a proxy, which goes on to accept connections', () => {
  it.each([
    ['it is asked what is complete', '/tools/bulk-content'],
    ['it is asked what it holds', '/tools/find'],
    ['it is told to send', '/modalities/pacs/store'],
    ['it is told to delete', '/tools/bulk-delete'],
  ])('is waited for when %s, and no study loses an attempt', async (_, first) => {
    await using scene = await openScene({ seed: 391, studies: 3, destinations: { pacs: {} } });
    let [isAway, isBack] = [false, false];
    scene.proxy.addFault({
      effect: 'answer',
      status: 502,
      matching: ({ path }) => {
        isAway ||= path === first;
        return isAway && !isBack;
      },
    });
    const run = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=0'],
      onOutput: (stdout) => {
        isBack ||= stdout.includes('"tool.paused"');
      },
    });
    expect(isBack).toBe(true);
    expect(run).toMatchObject({ exitCode: 0, setAside: [], setAsideHere: [] });
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is not taken for a destination that is away, when it is asked what that still has', async () => {
    await using scene = await openScene({ seed: 392, studies: 1, destinations: { pacs: {} } });
    let [isAway, isBack] = [false, false];
    scene.proxy.addFault({ effect: 'answer', status: 502, matching: () => isAway && !isBack });
    const run = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=0', '--log-level=debug'],
      onOutput: (stdout) => {
        isAway ||= stdout.includes('"step":"confirm"');
        isBack ||= stdout.includes('"tool.paused"');
      },
    });
    expect(run).toMatchObject({ exitCode: 0, setAside: [], setAsideHere: [] });
    expect(isBack).toBe(true);
    expect(run.stdout).not.toContain('"deletion.waits"');
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});
