import { describe, expect, it } from '@jest/globals';
import { openScene } from './forward-scene.ts';

async function openSceneWithUnsendable(seed: number) {
  const scene = await openScene({ seed, studies: 1, destinations: { pacs: {} } });
  const [study = ''] = (await (await fetch(`${scene.inbox.url}/studies`)).json()) as string[];
  const refused = [await addUnsendable(scene.inbox.url, study), await addUnsendable(scene.inbox.url, study)];
  return { ...scene, study, refused: refused.toSorted() };
}

/** Without an image Orthanc makes an instance without SOP Class UID, which no association can carry. */
async function addUnsendable(url: string, study: string): Promise<string> {
  const body = JSON.stringify({ Parent: study, Tags: { SeriesDescription: 'unsendable' } });
  const answer = await fetch(new URL('/tools/create-dicom', url), { method: 'POST', body });
  return ((await answer.json()) as { ID: string }).ID;
}

describe('an instance that the destination refuses', () => {
  it.each(['dicom', 'dicom-series-by-series'])(
    'keeps no other one of its study from it, by %s',
    async (mode) => {
      await using scene = await openSceneWithUnsendable(863);
      const { exitCode, setAside, transfers } = await scene.run({
        more: ['--destination=pacs', `--mode=${mode}`, '--trigger=StableStudy', '--max-retries=1'],
      });
      expect([exitCode, setAside.map(({ key }) => key)]).toEqual([3, [scene.study]]);
      expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
      expect(await scene.held(scene.inbox)).toEqual(scene.refused);
      const [sent, ...others] = transfers;
      expect(sent).toMatchObject({ event: 'unit.forwarded', proved: scene.sent.length, unproved: 0 });
      expect(others).toMatchObject([{ event: 'unit.deleted', deleted: scene.sent.length }]);
    },
  );

  it('is named where the study is set aside for it', async () => {
    await using scene = await openSceneWithUnsendable(864);
    const { setAside, summary } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=1', '--keep-days=1'],
    });
    expect(setAside).toMatchObject([{ key: scene.study, exceptionParts: 2 }]);
    expect(setAside[0]?.parts.map(({ part }) => part).toSorted()).toEqual(scene.refused);
    expect(summary).toMatchObject({ forwardedInstances: scene.sent.length });
  });
});
