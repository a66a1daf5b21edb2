import { describe, expect, it } from '@jest/globals';
import { openScene, statusesIn } from './import-scene.ts';

const isUpload = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path === '/instances';

describe('an import to a distant Orthanc', () => {
  it('sends small images in batches, with a word of its own for each', async () => {
    await using scene = await openScene({
      seed: 441,
      studies: 4,
      orthanc: {
        files: {
          'filter.lua':
            "function ReceivedInstanceFilter(dicom, origin)\n  return dicom.InstanceNumber ~= '2'\nend\n",
        },
        configuration: { LuaScripts: ['files:filter.lua'] },
      },
    });
    await scene.putAll();
    const broken = Buffer.from(scene.instances[0]?.bytes ?? '');
    // The header tells whose it is, and what follows is no DICOM.
    await scene.put('broken', broken.subarray(0, 900));
    await scene.proxy.disturb({ roundTripMs: 40 });
    const run = await scene.run();
    expect([run.exitCode, run.stderr]).toEqual([3, '']);
    const filtered = scene.instances.filter(({ instanceNumber }) => instanceNumber === 2).length;
    expect(statusesIn(run)).toMatchObject({ stored: scene.instances.length - filtered, filtered });
    expect(scene.proxy.requests.filter(isUpload).length).toBeLessThan(scene.instances.length / 2);
    expect((await scene.held()).size).toBe(scene.instances.length - filtered);
  });

  it('loses nothing, and tries nothing twice, when a batch is refused, cut or unanswered', async () => {
    await using scene = await openScene({ seed: 442, studies: 8 });
    await scene.putAll();
    await scene.proxy.disturb({ roundTripMs: 40 });
    scene.proxy.addFault({ effect: 'answer', status: 413, matching: isUpload, rate: 1, times: 1 });
    scene.proxy.addFault({ effect: 'answer', status: 503, matching: isUpload, rate: 1, times: 1 });
    scene.proxy.addFault({ effect: 'lose-answer', matching: isUpload, rate: 1, times: 1 });
    const run = await scene.run({ more: ['--max-retries=2'] });
    expect(run.exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
    expect(scene.proxy.requests.filter(isUpload).length).toBeLessThan(scene.instances.length * 1.5);
  });

  it('labels a study before more than its first image is sent', async () => {
    await using scene = await openScene({ seed: 443, studies: 3 });
    await scene.putAll();
    await scene.proxy.disturb({ roundTripMs: 40 });
    const { exitCode } = await scene.run({ more: ['--labels=A'] });
    expect(exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
    const order = scene.proxy.requests.filter(
      (request) => isUpload(request) || (request.method === 'PUT' && request.path.includes('/labels/')),
    );
    expect(order.filter(isUpload).length).toBeLessThan(scene.instances.length * 0.75);
    const firstBatch = order.findIndex(({ method }) => method === 'PUT');
    expect(order.slice(0, firstBatch).filter(isUpload).length).toBeLessThanOrEqual(3);
  });
});
