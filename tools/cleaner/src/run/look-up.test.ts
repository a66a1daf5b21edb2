import { describe, expect, it } from '@jest/globals';
import type { ListedStudy, Orthanc, StudyQuery } from '@orthanc-tools/orthanc-client';
import { foundByUid, lookUp } from './look-up.ts';

interface Study {
  readonly id: string;
  readonly uid: string;
  /** As Orthanc's index knows it, where that is something else. */
  readonly indexed?: string;
}

/** An Orthanc that holds these studies and writes down what it is asked. */
function holding(studies: readonly Study[]) {
  const asked = { byUid: [] as (readonly string[])[], byId: [] as string[], withSeries: new Set<boolean>() };
  const told = ({ id, uid }: Study): ListedStudy => ({
    ...{ id, patientId: 'p', labels: ['L'], lastUpdate: '20260101T000000', modalities: [] },
    ...{ seriesIds: [`series of ${id}`], tags: { StudyInstanceUID: uid } },
  });
  const orthanc = {
    studies: {
      async *list({ studyUids = [], withSeries = false }: StudyQuery) {
        asked.byUid.push(studyUids);
        asked.withSeries.add(withSeries);
        // One by one, as a server with a small `LimitFindResults` tells them.
        for (const study of studies.filter(({ uid, indexed = uid }) => studyUids.includes(indexed)))
          yield [told(study)];
      },
    },
    resources: {
      facts: (_level: string, ids: readonly string[]) => {
        asked.byId.push(...ids);
        const there = studies.filter(({ id }) => ids.includes(id)).map(told);
        return Promise.resolve(there.map((one) => ({ ...one, parentId: 'p', childIds: one.seriesIds })));
      },
    },
  };
  return { orthanc: orthanc as unknown as Orthanc, asked };
}

describe('studies', () => {
  it('are asked for by their UIDs, some at a time, and by nothing else', async () => {
    const studies = Array.from({ length: 120 }, (_, n) => ({ id: `s${String(n)}`, uid: `1.2.${String(n)}` }));
    const { orthanc, asked } = holding(studies);
    const found = await lookUp(studies, { orthanc });
    expect([...found.keys()].sort()).toEqual(studies.map(({ id }) => id).sort());
    expect(found.get('s7')).toMatchObject({ seriesIds: ['series of s7'], isFoundByUid: true });
    expect(asked.byUid.map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(asked.byId).toEqual([]);
  });

  it('that should be gone are asked for by more UIDs at a time', async () => {
    const studies = Array.from({ length: 450 }, (_, n) => ({ id: `s${String(n)}`, uid: `1.2.${String(n)}` }));
    const { orthanc, asked } = holding([]);
    expect(await foundByUid(studies, { orthanc, areGone: true })).toEqual(new Map());
    expect(asked.byUid.map(({ length }) => length)).toEqual([200, 200, 50]);
  });

  it('are told with their series only where these are wanted', async () => {
    const study = { id: 's', uid: '1.2' };
    for (const withSeries of [true, undefined]) {
      const { orthanc, asked } = holding([study]);
      await lookUp([study], { orthanc, withSeries });
      expect([...asked.withSeries]).toEqual([withSeries ?? false]);
    }
  });

  it.each([
    ['has no UID', { id: 's', uid: '' }],
    ['has a UID that Orthanc takes for a pattern', { id: 's', uid: '1.2.*' }],
    ['is not found by the UID that its tags tell', { id: 's', uid: '1.2', indexed: '1.2.X' }],
  ])('are asked for by the identifier where one %s', async (_what, study) => {
    const { orthanc, asked } = holding([study]);
    const found = await lookUp([study], { orthanc });
    expect(found.get('s')).toMatchObject({ labels: ['L'], isFoundByUid: false });
    expect(asked.byUid.flat()).not.toContain('1.2.*');
    expect(asked.byUid.flat()).not.toContain('');
  });

  it('of the same UID are told apart, and one that is not there is left out', async () => {
    const mine = { id: 'mine', uid: '1.2' };
    const { orthanc } = holding([mine, { id: 'of another patient', uid: '1.2' }]);
    const gone = { id: 'gone', uid: '1.3' };
    expect([...(await lookUp([mine, gone], { orthanc })).keys()]).toEqual(['mine']);
    expect([...(await foundByUid([mine, gone], { orthanc })).keys()]).toEqual(['mine']);
  });
});
