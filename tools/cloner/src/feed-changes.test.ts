import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { readLandmarks } from '@orthanc-tools/orthanc-client';
import { openLedger } from '@orthanc-tools/work-ledger';
import { changeLogPosition } from './change-log-position.ts';
import { feedExisting, findLogEnd } from './feed-changes.ts';
import type { FeedContext } from './feed-studies.ts';

const folder = mkdtempSync(join(tmpdir(), 'feed-changes-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = { sequence: 7, type: 'NewInstance', id: 'an-instance', resourceType: 'Instance', at: 'then' };

/** A source whose log is read only once its list is asked for. */
function openSource({ isAway = false } = {}) {
  const listed = Promise.withResolvers<undefined>();
  return {
    changes: {
      last: () => Promise.resolve(7),
      reached: () => Promise.resolve(7),
      read: async () => {
        await listed.promise;
        if (isAway) throw new Error('away');
        return { changes: [entry], last: 7, isDone: true };
      },
    },
    studies: {
      pages: async function* () {
        listed.resolve(undefined);
        yield await Promise.resolve({ ids: ['a-study'], isLast: true });
      },
    },
  };
}

it('finds the end of a log that was never read beside other questions, and notes it without asking again', async () => {
  using ledger = openLedger(join(folder, 'ledger.sqlite'));
  const { signal } = new AbortController();
  const source = openSource();
  const context = { source, ledger, wake() {}, signal } as unknown as FeedContext;
  expect(await findLogEnd(context)).toBe(7);
  source.changes.last = () => Promise.reject(new Error('asked again'));
  await feedExisting(context, 7);
  expect(changeLogPosition(ledger)).toBe(7);
});

it('leaves a log whose end is not told to whoever needs it', async () => {
  const { signal } = new AbortController();
  const source = openSource();
  source.changes.last = () => Promise.reject(transientFailure('ORTHANC_UNREACHABLE', 'It is away.'));
  const context = { source, signal } as unknown as FeedContext;
  expect(await findLogEnd(context)).toBeUndefined();
  source.changes.last = () => Promise.reject(new TypeError('a defect'));
  await expect(findLogEnd(context)).rejects.toThrow('a defect');
});

it('knows a log again whose last entries it could only read in the second run', async () => {
  using ledger = openLedger(join(folder, 'ledger.sqlite'));
  const contextFor = (source: unknown) =>
    ({ source, ledger, wake() {}, signal: new AbortController().signal }) as unknown as FeedContext;
  await expect(feedExisting(contextFor(openSource({ isAway: true })))).rejects.toThrow('away');
  // Both were noted: what comes after this position is read later, whatever became of the rest.
  expect([changeLogPosition(ledger), ledger.tally().waiting, readLandmarks(ledger)]).toEqual([7, 1, []]);

  const again = openSource();
  await Promise.all([feedExisting(contextFor(again)), again.studies.pages().next()]);
  expect(readLandmarks(ledger)).toEqual([{ sequence: 7, text: 'NewInstance an-instance then' }]);
});
