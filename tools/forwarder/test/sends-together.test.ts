import { describe, expect, it } from '@jest/globals';
import { openScene } from './forward-scene.ts';

describe('small studies that are sent together', () => {
  it('do not fail with one among them that cannot be sent', async () => {
    const shape = { seriesPerStudy: 1, instancesPerSeries: 2 };
    await using scene = await openScene({ seed: 861, studies: 12, shape, destinations: { pacs: {} } });
    const poison = await createUnsendable(scene.inbox.url);
    const { exitCode, setAside, summary } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=0'],
    });
    expect([exitCode, setAside.length]).toEqual([3, 1]);
    expect(summary).toMatchObject({ forwardedUnits: 12, deletedInstances: 24 });
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([poison]);
  });

  it('share jobs by DICOMweb', async () => {
    const shape = { seriesPerStudy: 2, instancesPerSeries: 1 };
    await using scene = await openScene({ seed: 862, studies: 20, shape, destinations: { pacs: {} } });
    const { exitCode } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--mode=dicom-web'],
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    const jobs = scene.proxy.requests.filter(({ path }) => path.endsWith('/servers/pacs/stow'));
    expect(jobs.length).toBeLessThanOrEqual(10);
  });
});

/** Without an image Orthanc makes an instance without SOP Class UID, which no association can carry. */
async function createUnsendable(url: string): Promise<string> {
  const body = JSON.stringify({ Tags: { PatientID: 'unsendable', StudyDescription: 'unsendable' } });
  const answer = await fetch(new URL('/tools/create-dicom', url), { method: 'POST', body });
  return ((await answer.json()) as { ID: string }).ID;
}
