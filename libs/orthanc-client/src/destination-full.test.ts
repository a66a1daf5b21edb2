import { describe, expect, it } from '@jest/globals';
import { type Failure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { lackOf, sparingOthers, unlessFullAt } from './destination-full.ts';
import type { Orthanc } from './orthanc.ts';
import type { Statistics, SystemFacts } from './system.ts';

const megabyte = 1024 * 1024;

type Told = Pick<Orthanc, 'url' | 'system' | 'statistics'>;

/** Of 1000 MB in all. */
const holding = (megabytes: number, maximumStorageMode: string | undefined = 'Reject'): Told => ({
  url: 'http://destination/',
  system: () => Promise.resolve({ maximumStorageMode, maximumStorageSizeMb: 1000 } as SystemFacts),
  statistics: () => Promise.resolve({ diskSize: megabytes * megabyte } as Statistics),
});

const unlessFull = (failure: Failure, destination: Told, bytes: number) =>
  unlessFullAt(destination, { now: () => new Date(0) })(failure, bytes);

const failed = transientFailure('DESTINATION_FAILED', 'It failed.', { facts: { job: 'j1' } });

describe('a destination', () => {
  it.each([
    [1000, 990, 11, 'too little room'],
    [1000, 990, 10, undefined],
    [1000, 991, 10, 'full'],
    [1000, 800, 250, 'too little room'],
    [1000, 990, 900, 'too little room'],
    [10_000, 9900, 250, 'too little room'],
    [10_000, 9901, 250, 'full'],
    [1_000_000, 999_872, 250, 'too little room'],
    [1_000_000, 999_873, 250, 'full'],
    [1000, 0, 1001, 'larger than the limit'],
    [1000, 1000, 1001, 'larger than the limit'],
    [1000, 0, 1000, undefined],
  ])('with a limit of %d MB that holds %d has for %d more: %s', (limit, held, more, lack) => {
    const room = { limit: limit * megabyte, held: held * megabyte };
    expect(lackOf(more * megabyte, room)).toBe(lack);
  });

  it('that is full makes the run wait, whatever the source said of it', async () => {
    for (const code of ['DESTINATION_FAILED', 'DESTINATION_OUT_OF_RESOURCES', 'ORTHANC_STORAGE_FULL'])
      await expect(unlessFull(transientFailure(code, 'It failed.'), holding(1000), 1)).rejects.toMatchObject({
        kind: 'transient',
        code: 'DESTINATION_FULL',
        scope: 'run',
      });
  });

  it('that has room for others lets what does not fit wait alone', async () => {
    expect(await unlessFull(failed, holding(800), 250 * megabyte)).toMatchObject({
      kind: 'transient',
      code: 'DESTINATION_LACKS_ROOM',
      scope: 'item',
      facts: failed.facts,
      cause: failed,
    });
  });

  it('never takes what is larger than all it may hold', async () => {
    for (const told of [holding(0), holding(1000), holding(1000, 'Recycle')])
      expect(await unlessFull(failed, told, 2500 * megabyte)).toMatchObject({
        kind: 'permanent',
        code: 'DESTINATION_TOO_SMALL',
        scope: 'item',
        message:
          'The destination http://destination/ may hold 1000 MB in all: an instance of 2500 MB is larger.',
      });
  });

  it('that has room, makes room, or refuses for a reason of its own, is believed', async () => {
    const refused = permanentFailure('SOP_CLASS_REFUSED', 'It refuses the SOP class.');
    expect(await unlessFull(failed, holding(0), 1)).toBe(failed);
    expect(await unlessFull(failed, holding(1000, 'Recycle'), 1)).toBe(failed);
    expect(await unlessFull(refused, holding(1000), 1)).toBe(refused);
  });

  it('that cannot be asked leaves the failure as it was', async () => {
    const away = transientFailure('ORTHANC_UNREACHABLE', 'It is away.', { scope: 'run' });
    const silent = { ...holding(1000), system: () => Promise.reject(away) };
    expect(await unlessFull(failed, silent, 1)).toBe(failed);
  });
});

describe('a file that is stored at a destination', () => {
  const refused = transientFailure('ORTHANC_STORAGE_FULL', 'No room.', { scope: 'run' });
  const storing = (destination: Told, megabytes: number) =>
    sparingOthers(
      { ...destination, instances: { store: () => Promise.reject(refused) } } as unknown as Orthanc,
      { now: () => new Date(0) },
    ).instances.store([new Uint8Array(megabytes * megabyte)]);

  it('waits alone where others find room', async () => {
    await expect(storing(holding(980), 21)).rejects.toMatchObject({
      code: 'DESTINATION_LACKS_ROOM',
      scope: 'item',
      cause: refused,
    });
  });

  it('makes the run wait where that is full, or only says that it is', async () => {
    await expect(storing(holding(1000), 1)).rejects.toMatchObject({ code: 'DESTINATION_FULL', scope: 'run' });
    await expect(storing(holding(1), 1)).rejects.toBe(refused);
  });
});
