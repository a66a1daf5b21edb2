import { describe, expect, it } from '@jest/globals';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { systemClock } from '@orthanc-tools/scheduling';
import type { Mode } from '../destination.ts';
import { openRoute } from './open-route-by-mode.ts';

/** The inbox sends an instance by a job of another destination. */
const inbox = {
  modalities: {},
  peers: {},
  jobs: { unfinished: () => Promise.resolve([{ id: 'of-another', resourceIds: ['a'] }]) },
} as unknown as Orthanc;

async function jobsFor(mode: Mode, isProcessed: boolean): Promise<readonly string[]> {
  const route = { mode, target: 'there', connection: { url: 'http://there:8042' } };
  await using open = openRoute(route, { inbox, clock: systemClock, isProcessed, keepsIdentifiers: true });
  return await open.findJobs(['a'], new AbortController().signal);
}

describe('a sending of which nobody heard whether it was begun', () => {
  it.each([
    ['peering', false, ['of-another']],
    ['orthanc', false, []],
    ['peering', true, []],
  ] as const)(
    'is looked for among the jobs of the inbox where it may be one: %s, changed on the way: %s',
    async (mode, isProcessed, jobs) => {
      expect(await jobsFor(mode, isProcessed)).toEqual(jobs);
    },
  );
});
