import { describe, expect, it } from '@jest/globals';
import { openScene } from './import-scene.ts';

describe('labels', () => {
  it('are on a study before its second image is sent, and on a study that was there before', async () => {
    await using scene = await openScene({ seed: 431, studies: 4 });
    await scene.putAll();
    const first = scene.instances[0];
    await fetch(`${scene.orthanc.url}/instances`, {
      method: 'POST',
      body: new Uint8Array(first?.bytes ?? []),
    });
    const { exitCode } = await scene.run({ more: ['--labels_list=A,B'] });
    expect(exitCode).toBe(0);
    const studies = (await (await fetch(`${scene.orthanc.url}/studies`)).json()) as string[];
    for (const study of studies)
      expect(await (await fetch(`${scene.orthanc.url}/studies/${study}/labels`)).json()).toEqual(['A', 'B']);
    const puts = scene.proxy.requests.filter(({ method }) => method === 'PUT');
    // Each label once per study that is there; and one try per study that is not there yet.
    expect(puts.length).toBeLessThanOrEqual(4 * 2 + 4);
  });

  it('keep a study at one image while they cannot be put', async () => {
    await using scene = await openScene({ seed: 432, studies: 1 });
    await scene.putAll();
    scene.proxy.addFault({
      effect: 'answer',
      status: 503,
      matching: ({ method, path }) => method === 'PUT' && path.includes('/labels/'),
    });
    const { exitCode } = await scene.run({ more: ['--labels=A', '--max-retries=1'] });
    expect(exitCode).toBe(3);
    expect((await scene.held()).size).toBeLessThanOrEqual(1);
  });
});
