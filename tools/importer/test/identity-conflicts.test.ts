import { writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { endsAt, isUpload } from './ends-at.ts';
import { imageOf } from './image-of.ts';
import { type FinishedRun, type Scene, openScene } from './import-scene.ts';
import { zipOf } from './zip-fixture.ts';

const isLookingUp = ({ path }: { readonly path: string }) => path === '/tools/bulk-content';

const send = (scene: Scene, image: Buffer) =>
  fetch(`${scene.orthanc.url}/instances`, { method: 'POST', body: new Uint8Array(image) });

const told = ({ manifest }: FinishedRun) =>
  Object.fromEntries(
    [...manifest].map(([path, { status, code }]) => [path, code ? `${status} ${code}` : status]),
  );

const [jane, john] = [{ PatientName: 'Zweifel^Jane' }, { PatientName: 'Zweifel^John' }];
const refuse = ['--on-identity-conflict=refuse'];

function expectNoNameIn(...runs: readonly FinishedRun[]): void {
  for (const { stdout, stderr, manifest } of runs)
    expect(`${stdout}${stderr}${JSON.stringify([...manifest])}`).not.toMatch(/zweifel|19700203/i);
}

/** Together they put the UIDs of study and series far behind what is read first of a file. */
const lengthy = { AdditionalPatientHistory: 'long '.repeat(12_000), PatientComments: 'long '.repeat(12_000) };

/** Without preamble and meta group. */
const bare = (image: Buffer): Buffer => image.subarray(144 + image.readUInt32LE(140));

describe('the same PatientID with another name or birth date', () => {
  it('is seen also where the header is long', async () => {
    await using scene = await openScene({ seed: 459, studies: 1 });
    await scene.put('a', imageOf('P1', { ...jane, ...lengthy }));
    await scene.put('b', imageOf('P1', { ...john, ...lengthy }));
    const run = await scene.run({ more: refuse });
    expect(told(run)).toEqual({ a: 'refused IDENTITY_CONFLICT', b: 'refused IDENTITY_CONFLICT' });
    expectNoNameIn(run);
  });

  it('is seen also in a bare data set, and in a large image of an archive', async () => {
    await using scene = await openScene({ seed: 457, studies: 1 });
    await scene.put('a', imageOf('P1', jane));
    await scene.put('b', bare(imageOf('P1', john)));
    await scene.put('c', imageOf('P2', jane));
    const large = imageOf('P2', { ...john, ...lengthy, PixelData: new Uint8Array(5_000_000) });
    await scene.put('d.zip', zipOf({ large }));
    const run = await scene.run({ more: refuse });
    const refused = 'refused IDENTITY_CONFLICT';
    expect(told(run)).toMatchObject({ a: refused, b: refused, c: refused, 'd.zip!large': refused });
    expect((await scene.held()).size).toBe(0);
    expectNoNameIn(run);
  });

  it('is stored and reported, for every image of the patient, and no other', async () => {
    await using scene = await openScene({ seed: 451, studies: 1 });
    await scene.put('a', imageOf('P1', jane));
    await scene.put('b', imageOf('P1', { PatientName: 'ZWEIFEL^JANE^^' }));
    await scene.put('c.zip', zipOf({ image: imageOf('P1', john), other: imageOf('P2', john) }));
    await scene.put('d', imageOf('P2', {}));
    await scene.put('e', imageOf('P3', { ...jane, PatientBirthDate: '19700302' }));
    await scene.put('f', imageOf('P3', jane));
    const run = await scene.run();
    expect([run.stderr, run.exitCode]).toEqual(['', 4]);
    expect(told(run)).toEqual({
      a: 'stored IDENTITY_CONFLICT',
      b: 'stored IDENTITY_CONFLICT',
      'c.zip': 'archive',
      'c.zip!image': 'stored IDENTITY_CONFLICT',
      'c.zip!other': 'stored',
      d: 'stored',
      e: 'stored IDENTITY_CONFLICT',
      f: 'stored IDENTITY_CONFLICT',
    });
    expect(run.summary).toMatchObject({ storedInstances: 7, identityConflictPatients: 2 });
    expect(run.manifest.get('a')?.reason).toMatch(/another name in the folder: patient [0-9a-f-]{44}\.$/);
    expect(run.manifest.get('e')?.reason).toContain('another birth date in the folder');
    const again = await scene.run();
    expect([again.exitCode, told(again)]).toEqual([4, told(run)]);
    expectNoNameIn(run, again);
  });

  it('is found at Orthanc too, and names agree across character sets', async () => {
    await using scene = await openScene({ seed: 452, studies: 1 });
    await send(scene, imageOf('P1', jane));
    await send(scene, imageOf('P2', { PatientName: 'Zweifel^Jürg', SpecificCharacterSet: 'ISO_IR 100' }));
    await scene.put('a', imageOf('P1', john));
    await scene.put('b', imageOf('P2', { PatientName: 'ZWEIFEL^JÜRG' }));
    await scene.put('c', imageOf('', jane));
    await scene.put('d', imageOf('', john));
    const run = await scene.run();
    expect(run.exitCode).toBe(4);
    expect(told(run)).toEqual({ a: 'stored IDENTITY_CONFLICT', b: 'stored', c: 'stored', d: 'stored' });
    expect(run.manifest.get('a')?.reason).toContain('another name at Orthanc');
    expectNoNameIn(run);
  });

  it('is refused as a whole when asked for, whatever is read first, archives too', async () => {
    await using scene = await openScene({ seed: 453, studies: 1 });
    await send(scene, imageOf('P2', jane));
    await scene.put('a', imageOf('P1', jane));
    await scene.put('b', imageOf('P1', john));
    await scene.put('c.zip', zipOf({ image: imageOf('P1', jane), other: imageOf('P3', john) }));
    await scene.put('d', imageOf('P2', jane));
    await scene.put('e', imageOf('P2', john));
    await scene.put('f', imageOf('P4', john));
    await scene.put('g', 'no image');
    const run = await scene.run({ more: refuse });
    expect([run.stderr, run.exitCode]).toEqual(['', 3]);
    const expected = {
      a: 'refused IDENTITY_CONFLICT',
      b: 'refused IDENTITY_CONFLICT',
      'c.zip': 'archive',
      'c.zip!image': 'refused IDENTITY_CONFLICT',
      'c.zip!other': 'stored',
      // Orthanc says who P2 is.
      d: 'stored IDENTITY_CONFLICT',
      e: 'refused IDENTITY_CONFLICT',
      f: 'stored',
      g: 'not-dicom NOT_DICOM',
    };
    expect(told(run)).toMatchObject({ ...expected, 'c.zip': expect.stringContaining('') });
    expect((await scene.held()).size).toBe(4);
    const again = await scene.run({ more: refuse });
    expect([again.exitCode, told(again)]).toEqual([3, told(run)]);
    expectNoNameIn(run, again);
  });

  it('is stored once the contradiction is gone and it is asked for again', async () => {
    await using scene = await openScene({ seed: 454, studies: 1 });
    await scene.put('a', imageOf('P1', jane));
    await scene.put('b', imageOf('P1', john));
    expect((await scene.run({ more: refuse })).exitCode).toBe(3);
    await writeFile(join(scene.folder, 'b'), imageOf('P1', jane));
    await scene.requeue();
    const run = await scene.run({ more: refuse });
    expect([run.exitCode, told(run)]).toEqual([0, { a: 'stored', b: 'stored' }]);
  });

  it.each([1, 2])('ends the same when the run is cut off and resumed (%s)', async (cutAt) => {
    await using scene = await openScene({ seed: 454 + cutAt, studies: 4 });
    await scene.putAll();
    await scene.put('a', imageOf('P1', jane));
    await scene.put('b', imageOf('P1', john));
    const signal = endsAt(scene.proxy, cutAt, cutAt === 1 ? isLookingUp : isUpload);
    expect((await scene.run({ more: refuse, signal })).exitCode).toBe(130);
    const run = await scene.run({ more: refuse });
    expect([run.exitCode, told(run)['a'], told(run)['b']]).toEqual([
      3,
      'refused IDENTITY_CONFLICT',
      'refused IDENTITY_CONFLICT',
    ]);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('leaves nothing behind when a run that refuses is cut off, and the next one reports', async () => {
    await using scene = await openScene({ seed: 460, studies: 1 });
    await scene.putAll();
    await scene.put('a', imageOf('P1', jane));
    await scene.put('b', imageOf('P1', john));
    const files = scene.instances.length + 2;
    const ending = new AbortController();
    // By then all is read and nothing is stored.
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      rate: 0,
      matching: ({ path }) => {
        if (path === '/tools/bulk-content') ending.abort();
        return false;
      },
    });
    const cut = await scene.run({ more: refuse, signal: ending.signal });
    expect([cut.exitCode, cut.summary['waitingFiles']]).toEqual([130, files]);
    expect(await readFile(join(scene.work, 'report.json'), 'utf8')).toContain(
      `${String(files)} of ${String(files)} files wait.`,
    );
    const run = await scene.run();
    expect([run.exitCode, told(run)['a'], told(run)['b']]).toEqual([
      4,
      'stored IDENTITY_CONFLICT',
      'stored IDENTITY_CONFLICT',
    ]);
    expect((await scene.held()).size).toBe(files);
  });

  it.each([
    [refuse, 3, 'refused IDENTITY_CONFLICT'],
    [[], 4, 'stored IDENTITY_CONFLICT'],
  ])('is found where Orthanc has come to know another person since (%s)', async (more, exitCode, became) => {
    await using scene = await openScene({ seed: 461, studies: 1 });
    await scene.put('a', imageOf('P1', jane));
    expect((await scene.run({ more: refuse })).exitCode).toBe(0);
    for (const id of (await scene.held()).keys())
      await fetch(`${scene.orthanc.url}/instances/${id}`, { method: 'DELETE' });
    await send(scene, imageOf('P1', john));
    await scene.put('b', imageOf('P1', jane));
    const run = await scene.run({ more });
    expect([run.exitCode, told(run)['b']]).toEqual([exitCode, became]);
  });

  it('is found at another server, where the first one knew nobody', async () => {
    await using scene = await openScene({ seed: 462, studies: 1 });
    await using other = await openScene({ seed: 463, studies: 1 });
    await scene.put('a', imageOf('P1', jane));
    expect((await scene.run({ more: refuse })).exitCode).toBe(0);
    await send(other, imageOf('P1', john));
    const run = await scene.run({ more: refuse, at: other });
    expect([run.exitCode, told(run)]).toEqual([3, { a: 'refused IDENTITY_CONFLICT' }]);
    expect((await other.held()).size).toBe(1);
  });

  it.each([
    ['a file', 'a', 'a', (image: Buffer) => image],
    ['an archive', 'c.zip', 'c.zip!image', (image: Buffer) => zipOf({ image, other: imageOf('P2', jane) })],
  ])('is refused also where %s was replaced after it was read', async (_what, path, line, filed) => {
    await using scene = await openScene({ seed: 464, studies: 1 });
    await send(scene, imageOf('P1', jane));
    await scene.put(path, filed(imageOf('P1', jane)));
    const replacement = filed(imageOf('P1', john));
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      rate: 0,
      matching: ({ path: asked }) => {
        // All is read by now, and nothing stored.
        if (asked === '/tools/bulk-content') writeFileSync(join(scene.folder, path), replacement);
        return false;
      },
    });
    const run = await scene.run({ more: refuse });
    expect([run.exitCode, told(run)[line]]).toEqual([3, 'refused IDENTITY_CONFLICT']);
    // The other image of the archive is one of another patient.
    expect((await scene.held()).size).toBe(path === line ? 1 : 2);
  });
});
