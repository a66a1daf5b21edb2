import { expect, it } from '@jest/globals';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { feedChanges, feedHeld } from './feed-arrivals.ts';

const changeOf = (sequence: number) => ({
  ...{ sequence, type: 'NewInstance', at: '20260101T000000' },
  ...{ resourceType: 'Instance', id: `instance-${String(sequence)}` },
});

/** An inbox whose entries become visible in the order in which they are committed. */
function openInbox(visible: Set<number>) {
  const read = ({ since, limit }: { readonly since: number; readonly limit: number }) => {
    const told = [...visible].filter((one) => one > since).sort((a, b) => a - b);
    const changes = told.slice(0, limit).map(changeOf);
    const last = changes.at(-1)?.sequence ?? since;
    const between = Array.from({ length: last - since }, (_, index) => since + 1 + index);
    const passedOver = between.flatMap((one) => (visible.has(one) ? [] : [{ from: one, to: one }]));
    return Promise.resolve({ changes, last, isDone: told.length <= limit, passedOver });
  };
  const pages = async function* () {
    yield await Promise.resolve({ ids: [], isLast: true });
  };
  const last = () => Promise.resolve(Math.max(...visible));
  return { changes: { read, last }, studies: { pages } } as unknown as Orthanc;
}

function openScene(visible: Set<number>) {
  const cursors = new Map<string, string>();
  const entered: string[] = [];
  let ms = 0;
  const ledger = {
    cursor: (name: string) => cursors.get(name),
    setCursor: (name: string, value: string) => void cursors.set(name, value),
    enqueue: (items: Iterable<{ readonly key: string }>, cursor?: { name: string; value: string }) => {
      entered.push(...[...items].map(({ key }) => key));
      if (cursor !== undefined) cursors.set(cursor.name, cursor.value);
      return { added: 0, reopened: 0 };
    },
  };
  const context = {
    ...{ inbox: openInbox(visible), ledger, level: 'instance', pollEveryMs: 1000, wake() {} },
    ...{ clock: { now: () => new Date((ms += 1000)) }, log: { debug() {} } },
    signal: new AbortController().signal,
  } as unknown as Parameters<typeof feedChanges>[0];
  return { context, cursors, entered };
}

it('enters what appears in the change log after later entries were read, once', async () => {
  const visible = new Set([10, 12]);
  const { context, cursors, entered } = openScene(visible);
  // Began to be read behind a number that is still empty: 11.
  await feedHeld(context);
  for (const one of [13, 15]) visible.add(one);
  await feedChanges(context);
  expect(entered).toEqual(['instance-13', 'instance-15']);
  for (const one of [11, 14]) visible.add(one);
  for (let polls = 0; polls < 5; polls++) await feedChanges(context);
  expect(entered.slice(2).toSorted()).toEqual(['instance-11', 'instance-14']);
  expect(cursors.get('changes')).toBe('15');
});
