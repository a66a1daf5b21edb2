import { describe, expect, it } from '@jest/globals';
import { openScene } from './clone-scene.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
}

const isUpload = ({ method, path }: Seen) =>
  method === 'POST' && /^\/(instances|dicom-web\/studies)/.test(path);
const isFileRead = ({ method, path }: Seen) =>
  method === 'GET' && /^\/(instances\/[^/]+\/file|dicom-web\/studies)/.test(path);

/** Large enough for memory that is lent and for sockets of the client's own (64 KB); small enough for many. */
const imageSize = 256;

describe('a clone of large images through faults', () => {
  it('loses nothing and mixes up nothing', async () => {
    await using scene = await openScene({ seed: 231, studies: 6, imageSize });
    scene.toSource.addFault({ effect: 'cut-answer', afterBytes: 80_000, matching: isFileRead, rate: 0.1 });
    scene.toSource.addFault({ effect: 'answer', status: 503, matching: isFileRead, rate: 0.1 });
    scene.toDestination.addFault({
      effect: 'cut-request',
      afterBytes: 50_000,
      matching: isUpload,
      rate: 0.1,
    });
    scene.toDestination.addFault({ effect: 'lose-answer', matching: isUpload, rate: 0.1 });
    scene.toDestination.addFault({ effect: 'answer', status: 503, matching: isUpload, rate: 0.1 });
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--max-retries=50'] });
    expect(scene.toSource.faultCount('cut-answer')).toBeGreaterThan(0);
    expect(scene.toDestination.faultCount('cut-request')).toBeGreaterThan(0);
    expect(scene.toDestination.faultCount('lose-answer')).toBeGreaterThan(0);
    expect(report.setAside).toEqual([]);
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('does not ask on for every image where access is refused: that may lock the account', async () => {
    await using scene = await openScene({
      seed: 232,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 60,
      imageSize,
    });
    scene.toSource.addFault({ effect: 'answer', status: 401, matching: isFileRead });
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--max-retries=0'] });
    expect(report.setAside.map(({ code }) => code)).toEqual(['ORTHANC_UNAUTHORIZED']);
    expect(exitCode).toBe(3);
    expect(scene.toSource.faultCount('answer')).toBeLessThan(scene.instances / 2);
  });
});
