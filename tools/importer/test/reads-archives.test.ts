import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eachRemembered, readLedger } from '@orthanc-tools/work-ledger';
import { type Scene, openScene, statusesIn } from './import-scene.ts';
import { startProcess } from './tool-process.ts';
import { until } from './until.ts';
import { tarOf, zipOf } from './zip-fixture.ts';

const isUpload = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && path === '/instances';

const uploads = ({ proxy }: Scene): number => proxy.requests.filter(isUpload).length;

/** Of how many members of an archive the ledger knows that they were stored. */
function rememberedIn(scene: Scene, key: string): number {
  using ledger = readLedger(join(scene.work, 'ledger.sqlite'));
  return [...eachRemembered(ledger, key)].length;
}

const members = ({ instances }: Scene) =>
  Object.fromEntries(instances.map(({ bytes }, at) => [`image${String(at)}`, bytes]));

const kinds = [
  ['a ZIP', 'all.zip', (scene: Scene) => Promise.resolve(zipOf(members(scene)))],
  ['a tar.gz', 'all.tar.gz', (scene: Scene) => tarOf(members(scene))],
] as const;

describe('archives', () => {
  it('are read in place, nested too, whatever their paths say', async () => {
    await using scene = await openScene({ seed: 421, studies: 1 });
    const [a, b, c, d, e] = scene.instances.map(({ bytes }) => bytes);
    if (!a || !b || !c || !d || !e) throw new Error('too few instances');
    const inner = zipOf({ 'deep/c': c, 'notes.txt': Buffer.from('hello') });
    await scene.put('images.zip', zipOf({ 'x/a.dcm': a, '../../b.dcm': b, 'inner.zip': inner }));
    await scene.put('images.tar.gz', await tarOf({ d, '/etc/e': e }));
    const { exitCode, manifest } = await scene.run();
    expect(Object.fromEntries([...manifest].map(([path, { status }]) => [path, status]))).toEqual({
      'images.zip': 'archive',
      'images.zip!x/a.dcm': 'stored',
      'images.zip!../../b.dcm': 'stored',
      'images.zip!inner.zip!deep/c': 'stored',
      'images.zip!inner.zip!notes.txt': 'not-dicom',
      'images.tar.gz': 'archive',
      'images.tar.gz!d': 'stored',
      'images.tar.gz!/etc/e': 'stored',
    });
    expect(exitCode).toBe(0);
    expect((await scene.held()).size).toBe(5);
  });

  it('that are bombs, cut or too deep are left and listed, and what is good in them is stored', async () => {
    await using scene = await openScene({ seed: 422, studies: 1 });
    const [a, b] = scene.instances.map(({ bytes }) => bytes);
    if (!a || !b) throw new Error('too few instances');
    await scene.put(
      'bomb.zip',
      zipOf({ a, bomb: Buffer.concat([a.subarray(0, 400), Buffer.alloc(80_000_000)]) }),
    );
    const whole = zipOf({ b });
    await scene.put('cut.zip', whole.subarray(0, whole.length - 30));
    await scene.put('deep.zip', zipOf({ b, '1.zip': zipOf({ '2.zip': zipOf({ a }) }) }));
    const { exitCode, manifest } = await scene.run({ more: ['--max-archive-nesting=1'] });
    expect(exitCode).toBe(3);
    const codes = Object.fromEntries([...manifest].map(([path, { status, code }]) => [path, code ?? status]));
    expect(codes['bomb.zip']).toBe('ARCHIVE_LIMIT');
    expect(codes['bomb.zip!a']).toBe('stored');
    expect(codes['cut.zip']).toBe('ARCHIVE_DAMAGED');
    expect(codes['deep.zip!b']).toBe('stored');
    expect(codes['deep.zip!1.zip!2.zip']).toBe('ARCHIVE_NESTED_TOO_DEEP');
    expect(manifest.get('bomb.zip!bomb')?.reason).toContain('--max-archive-ratio (MAX_ARCHIVE_RATIO)');
    expect(manifest.get('deep.zip!1.zip!2.zip')?.reason).toContain('MAX_ARCHIVE_NESTING');
    expect((await scene.held()).size).toBe(2);
  });

  it('with large images are streamed', async () => {
    await using scene = await openScene({ seed: 423, studies: 1, imageSize: 1700 });
    const [a, b] = scene.instances;
    if (!a || !b) throw new Error('too few instances');
    await scene.put('large.zip', zipOf({ a: a.bytes, b: b.bytes }));
    await scene.put('large.tar.gz', await tarOf({ a: a.bytes, b: b.bytes }));
    const { exitCode } = await scene.run();
    expect(exitCode).toBe(0);
    expect([...(await scene.held()).values()].sort()).toEqual([a.md5(), b.md5()].sort());
  });
});

describe.each(kinds)('%s that is not read to its end at once', (_, name, write) => {
  it('is read again until all is stored, and counts once', async () => {
    await using scene = await openScene({ seed: 424, studies: 4 });
    await scene.put(name, await write(scene));
    const rare = { matching: isUpload, rate: 0.2 } as const;
    scene.proxy.addFault({ effect: 'answer', status: 503, ...rare, times: 6 });
    scene.proxy.addFault({ effect: 'cut-request', afterBytes: 500, ...rare, times: 3 });
    const run = await scene.run({ more: ['--max-retries=2'] });
    expect(run.exitCode).toBe(0);
    expect(scene.proxy.faultCount('answer')).toBeGreaterThan(1);
    const count = scene.instances.length;
    expect(statusesIn(run)).toEqual({ archive: 1, stored: count });
    expect(run.summary).toMatchObject({ storedInstances: count, alreadyThereInstances: 0 });
    expect((await scene.held()).size).toBe(count);
  });

  it('is gone on with after a crash: what was stored is not sent again, and called stored', async () => {
    await using scene = await openScene({ seed: 425, studies: 12 });
    await scene.put(name, await write(scene));
    // Sixteen are sent and proved together: three times, and nothing of the fourth reaches Orthanc.
    const before = 48;
    const matching = (request: { method: string; path: string }) =>
      isUpload(request) && uploads(scene) >= before;
    scene.proxy.addFault({ effect: 'hold', until: new Promise(() => undefined), matching });
    const killed = startProcess(scene);
    await until(() => uploads(scene) > before && rememberedIn(scene, name) === before);
    killed.kill('SIGKILL');
    expect((await killed.ended).signal).toBe('SIGKILL');
    expect((await scene.held()).size).toBe(before);
    await scene.proxy.clear();
    scene.proxy.forget();
    const run = await scene.run();
    const count = scene.instances.length;
    expect([run.exitCode, uploads(scene)]).toEqual([0, count - before]);
    expect(statusesIn(run)).toEqual({ archive: 1, stored: count });
  });
});
