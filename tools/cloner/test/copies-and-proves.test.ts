import { describe, expect, it } from '@jest/globals';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './clone-scene.ts';

const uploads = (requests: readonly { method: string; path: string }[]) =>
  requests.filter(({ method, path }) => method === 'POST' && /^\/(instances|dicom-web\/studies)/.test(path));

describe('a clone', () => {
  it('brings every instance with equal MD5, and a second run uploads nothing', async () => {
    await using scene = await openScene({ seed: 101 });
    const first = await scene.run();
    expect(first.stderr).toBe('');
    expect(first.exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    expect(first.report.summary).toMatchObject({
      copiedInstances: scene.instances,
      provedInstances: scene.instances,
      setAsideStudies: 0,
    });

    scene.toDestination.forget();
    const second = await scene.run();
    expect(second.exitCode).toBe(0);
    expect(uploads(scene.toDestination.requests)).toEqual([]);
    expect(second.report.summary).toMatchObject({
      copiedInstances: 0,
      provedInstancesInLedger: scene.instances,
    });
  });

  it('proves what is there already without sending it again, when it has no ledger', async () => {
    await using scene = await openScene({ seed: 102 });
    await scene.run();
    scene.toDestination.forget();
    const again = await scene.run({
      argv: [
        `--source-url=${scene.toSource.url}`,
        `--dest-url=${scene.toDestination.url}`,
        `--ledger-path=${scene.folder}/other.sqlite`,
        `--report=${scene.folder}/report.json`,
        '--existing-changes-only',
      ],
    });
    expect(again.exitCode).toBe(0);
    expect(uploads(scene.toDestination.requests)).toEqual([]);
    expect(again.report.summary).toMatchObject({
      copiedInstances: 0,
      alreadyThereInstances: scene.instances,
      provedInstances: scene.instances,
    });
  });

  it('copies large images in bounded batches', async () => {
    await using scene = await openScene({
      seed: 103,
      studies: 2,
      seriesPerStudy: 2,
      instancesPerSeries: 20,
      imageSize: 512,
    });
    expect((await scene.run()).exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it.each([
    ['neither server has DICOMweb', { Plugins: [] }, { Plugins: [] }],
    ['only the destination has DICOMweb', { Plugins: [] }, {}],
    ['only the source has DICOMweb', {}, { Plugins: [] }],
  ])('copies where %s', async (_, source, destination) => {
    await using scene = await openScene({
      seed: 104,
      source: { configuration: source },
      destination: { configuration: destination },
    });
    const { exitCode } = await scene.run();
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    expect((await snapshotOrthanc(scene.destination)).size).toBe(scene.instances);
  });
});
