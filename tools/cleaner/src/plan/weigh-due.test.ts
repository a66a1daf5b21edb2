import { expect, it } from '@jest/globals';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { listHoldings, recallHoldings } from '../delete/see-studies.ts';
import type { DueStudy } from './plan-cleaning.ts';
import { weighDue } from './weigh-due.ts';

const signal = new AbortController().signal;

/** An Orthanc of studies of as many instances, which writes down of which it was asked what they hold. */
function holding(instances: number) {
  const listed: string[][] = [];
  const idsOf = (id: string) => Array.from({ length: instances }, (_, n) => `${id}-${String(n)}`);
  const ofEach = <Told>(studies: readonly { readonly id: string }[], tell: (id: string) => Told) =>
    Promise.resolve(new Map(studies.map(({ id }) => [id, idsOf(id).map(tell)])));
  const orthanc = {
    system: () => Promise.resolve({ hasExtendedFind: true }),
    studies: {
      async *list({ studyUids }: { readonly studyUids: readonly string[] }) {
        yield await Promise.resolve(
          studyUids.map((uid) => ({ id: `study ${uid}`, seriesIds: [], tags: { StudyInstanceUID: uid } })),
        );
      },
      instancesOfEach: (heads: readonly { readonly id: string }[]) =>
        ofEach(heads, (id) => ({ id, size: 10 })),
      instanceIdsOfEach(studies: readonly { readonly id: string }[]) {
        listed.push(studies.map(({ id }) => id));
        return ofEach(studies, (id) => id);
      },
    },
    resources: { facts: () => Promise.resolve([]) },
  } as unknown as Orthanc;
  return { orthanc, listed };
}

const due = (count: number, updateSeen: number | null = 1) =>
  Array.from({ length: count }, (_, n): DueStudy => {
    const uid = `1.${String(n)}`;
    return { id: `study ${uid}`, uid, updateSeen: updateSeen ?? undefined } as DueStudy;
  });

it('what was weighed is not listed once more', async () => {
  const { orthanc, listed } = holding(2);
  const weighed = await weighDue(due(3), { orthanc, signal });
  expect(weighed).toMatchObject(Array(3).fill({ instances: 2, bytes: 20 }));
  const recalled = await recallHoldings(weighed, { orthanc, signal });
  expect(listed).toEqual([]);
  expect(recalled).toEqual(await listHoldings(weighed, { orthanc, signal }));
});

it('of what is too much to be kept in mind only the number is', async () => {
  const { orthanc, listed } = holding(80_000);
  const weighed = await weighDue(due(4), { orthanc, signal });
  expect(weighed.map(({ instances }) => instances)).toEqual(Array(4).fill(80_000));
  const recalled = await recallHoldings(weighed, { orthanc, signal });
  expect([...recalled.values()].map(({ length }) => length)).toEqual(Array(4).fill(80_000));
  expect(listed).toEqual([['study 1.2', 'study 1.3']]);
});

it('what would not show a change by its last update is listed when it is its turn', async () => {
  const { orthanc, listed } = holding(2);
  const weighed = await weighDue(due(1, null), { orthanc, signal });
  await recallHoldings(weighed, { orthanc, signal });
  expect(listed).toEqual([['study 1.0']]);
});
