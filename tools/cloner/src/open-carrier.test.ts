import { expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import { type CarrierRequest, openCarrier } from './open-carrier.ts';
import { type StudyMemory, begunJob, noteJob } from './study-memory.ts';

/** What a ledger remembers. */
function openMemory(): StudyMemory {
  const notes = new Map<string, string>();
  return {
    remember(key, parts) {
      for (const { note } of parts) notes.set(key, note);
    },
    remembered: (key) => [...notes].flatMap(([k, note]) => (k === key ? [{ part: 'job', note }] : [])),
    forget: (key) => void notes.delete(key),
    flush() {},
  };
}

/** A run that goes the default way, after one that went by jobs. */
async function openRun(wait: (id: string) => Promise<unknown>) {
  const memory = openMemory();
  const logged: string[] = [];
  const log = { info() {}, warn: (event: string) => void logged.push(event) };
  const request = { options: {}, source: { jobs: { wait } }, memory, log } as unknown as CarrierRequest;
  const carrier = await openCarrier(
    () => Promise.resolve({ mode: 'Default', because: 'the test says so' }),
    request,
  );
  const { signal } = new AbortController();
  const catchUp = (key: string) => carrier.catchUp([{ key } as Claim], signal);
  return { memory, logged, catchUp };
}

it('has a job that an earlier run has begun concluded before anything is sent by the default way', async () => {
  const job = Promise.withResolvers<unknown>();
  const waitedFor: string[] = [];
  const { memory, catchUp } = await openRun((id) => {
    waitedFor.push(id);
    return job.promise;
  });
  noteJob(memory, ['a-study'], { id: 'a-job' });
  let isCaughtUp = false;
  const catching = catchUp('a-study').then(() => (isCaughtUp = true));
  await Promise.all([catchUp('another-study'), Promise.resolve()]);
  expect([waitedFor, isCaughtUp]).toEqual([['a-job'], false]);
  job.resolve({ failure: undefined, content: {} });
  await catching;
  expect(begunJob(memory, 'a-study')).toBeUndefined();
});

it('goes on where nobody may ask for jobs any more', async () => {
  const { memory, logged, catchUp } = await openRun(() =>
    Promise.reject(permanentFailure('ORTHANC_UNAUTHORIZED', 'Access is refused.')),
  );
  noteJob(memory, ['a-study'], { id: 'a-job' });
  await catchUp('a-study');
  expect([logged, begunJob(memory, 'a-study')]).toEqual([['job.cannot_be_asked'], { id: 'a-job' }]);
});

it('leaves any other trouble to the visit', async () => {
  const { memory, catchUp } = await openRun(() => Promise.reject(new Error('away')));
  noteJob(memory, ['a-study'], { id: 'a-job' });
  await expect(catchUp('a-study')).rejects.toThrow('away');
});
