import { describe, expect, it } from '@jest/globals';
import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { systemClock } from '@orthanc-tools/scheduling';
import type { Mode } from '../destination.ts';
import type { Outgoing } from '../open-route.ts';
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

const unreachable = transientFailure('DESTINATION_UNREACHABLE', 'It is away.', { scope: 'run' });
const brokenOff = transientFailure('DESTINATION_CONNECTION_LOST', 'It broke off.');

const identifiers = { patientId: 'p', studyUid: '1', seriesUid: '2', sopInstanceUid: '3' };
const made = {
  id: 'm',
  studyId: 't',
  studyUid: '1',
  seriesUid: '2',
  sopInstanceUid: '3',
  md5: 'aa',
  size: 1,
};
const outgoing = (id: string): Outgoing => ({
  ...{ id, seriesId: 's', studyId: 't', size: 1, md5: 'aa', identifiers },
  made: Object.assign(made, { open: () => Promise.resolve([Buffer.from(id)]) }),
});

/** Whether it is told that nothing was begun; each file that is changed on the way becomes of it what is told, in turn. */
async function isToldRefused(
  isProcessed: boolean,
  became: readonly (Failure | undefined)[],
): Promise<boolean> {
  const failures = [...became];
  const answer = () => {
    const failure = failures.shift();
    return failure === undefined ? Promise.resolve({ content: {} }) : Promise.reject(failure);
  };
  const address = () => Promise.resolve([]);
  const modalities = { settings: address, store: () => Promise.resolve('job'), storeStraight: answer };
  const inboxThere = { modalities, jobs: { finish: answer } } as unknown as Orthanc;
  const surroundings = { inbox: inboxThere, clock: systemClock, isProcessed, keepsIdentifiers: true };
  await using open = openRoute({ mode: 'dicom', target: 'pacs' }, surroundings);
  let isRefused = false;
  const settings = {
    signal: new AbortController().signal,
    wholes: [],
    onJob: () => undefined,
    onRefused: () => (isRefused = true),
  };
  await open
    .send(
      became.map((_, at) => outgoing(String(at))),
      settings,
    )
    .catch(() => undefined);
  return isRefused;
}

describe('a sending that has failed', () => {
  it.each([
    ['by a job, as nobody was there', false, [unreachable], true],
    ['by a job that broke off', false, [brokenOff], false],
    ['file by file, as nobody was there', true, [unreachable, unreachable], true],
    ['file by file, as nobody was there after the first', true, [undefined, unreachable], false],
    ['file by file, and broke off once', true, [unreachable, brokenOff], false],
  ] as const)('%s, has begun nothing: %#', async (_, isProcessed, became, isRefused) => {
    expect(await isToldRefused(isProcessed, became)).toBe(isRefused);
  });
});
