import { describe, expect, it } from '@jest/globals';
import { openScene } from './forward-scene.ts';

describe('a modality that never reports on a storage commitment', () => {
  it('keeps nothing from the others meanwhile', async () => {
    await using scene = await openScene({
      seed: 387,
      studies: 1,
      destinations: { silent: { behaviour: 'committing' }, up: {} },
    });
    const { silent, up } = scene.destinations;
    const nowhere = { AET: 'SOURCE', Host: '127.0.0.1', Port: 1, AllowFind: false };
    await fetch(`${silent.url}/modalities/source`, { method: 'PUT', body: JSON.stringify(nowhere) });
    const ending = new AbortController();
    const { stdout } = await scene.run({
      more: ['--destination=silent,up', '--trigger=StableStudy'],
      signal: ending.signal,
      onOutput: (output) => {
        if (/"unit.forwarded".*"destination":"up"/.test(output)) ending.abort();
      },
    });
    expect(await scene.held(up)).toEqual(scene.sent);
    expect(stdout).not.toMatch(/"destination.(un)?provable".*"destination":"silent"/);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });
});
