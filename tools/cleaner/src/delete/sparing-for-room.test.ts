import { expect, it } from '@jest/globals';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { sparingForRoom } from './sparing-for-room.ts';

const study = (id: string, bytes: number, isForFullDisk: boolean): WeighedStudy => ({
  id,
  uid: `1.${id}`,
  patient: 'p',
  rule: {
    name: 'r',
    criteria: {},
    age: { count: 1, unit: 'days' },
    basis: 'both',
    minimumToKeep: 0,
    priority: 0,
    includesProtected: false,
    isForFullDisk,
  },
  isInQuarantine: false,
  labels: [],
  modalities: [],
  studyDate: '',
  lastUpdate: undefined,
  updateSeen: undefined,
  arrival: undefined,
  newness: '',
  instances: 1,
  bytes,
});
const forDisk = study('disk', 10, true);
const forAge = study('age', 10, false);

/** A disk that is to come down to 100 bytes. */
function openDisk(due: readonly WeighedStudy[], disk: { low: number; high: number } | undefined) {
  const state = { now: 0, diskSize: 200, looks: 0 };
  const spare = sparingForRoom(due, {
    disk,
    clock: { now: () => new Date(state.now) },
    log: { info() {} },
    orthanc: {
      statistics: () => {
        state.looks += 1;
        return Promise.resolve({ diskSize: state.diskSize });
      },
    },
  } as unknown as Parameters<typeof sparingForRoom>[1]);
  const needed = async (portion: readonly WeighedStudy[]) => (await spare(portion)).map(({ id }) => id);
  return { state, needed };
}

const marks = { low: 100, high: 150 };

it('spares what is deleted only for the disk from the look on at which there is room, and nothing else', async () => {
  const { state, needed } = openDisk([forDisk, forAge], marks);
  expect(await needed([forAge, forDisk])).toEqual(['age', 'disk']);
  state.diskSize = 100;
  state.now = 59_999;
  expect(await needed([forDisk])).toEqual(['disk']);
  state.now = 60_000;
  expect(await needed([forAge, forDisk])).toEqual(['age']);
  // What is taken again is for the next run.
  state.diskSize = 200;
  state.now = 120_000;
  expect([await needed([forDisk]), state.looks]).toEqual([[], 2]);
});

it.each([
  [110, []],
  [111, ['disk']],
])('reckons with what is deleted later anyway: %d bytes', async (diskSize, expected) => {
  const { state, needed } = openDisk([forDisk, forAge], marks);
  state.diskSize = diskSize;
  expect(await needed([forDisk])).toEqual(expected);
});

it('asks nothing where nothing depends on it', async () => {
  const { state, needed } = openDisk([forAge], marks);
  expect([await needed([forAge]), state.looks]).toEqual([['age'], 0]);
});
