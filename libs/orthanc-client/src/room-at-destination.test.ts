import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { roomAt } from './room-at-destination.ts';
import type { Statistics, SystemFacts } from './system.ts';

const megabyte = 1024 * 1024;

interface Telling {
  readonly system?: () => Partial<SystemFacts>;
  readonly statistics?: () => Partial<Statistics>;
}

const limited = () => ({ maximumStorageMode: 'Reject', maximumStorageSizeMb: 10_000 });

/** A destination that holds one megabyte of 10,000, unless it is told otherwise, and what it was asked. */
function bench({ system = limited, statistics = () => ({ diskSize: megabyte }) }: Telling = {}) {
  const asked: string[] = [];
  let seconds = 0;
  const askFor = roomAt(
    {
      system: async () => {
        asked.push('system');
        return Promise.resolve(system() as SystemFacts);
      },
      statistics: async () => {
        asked.push('statistics');
        return Promise.resolve(statistics() as Statistics);
      },
    },
    { now: () => new Date(seconds * 1000) },
  );
  const ask = (megabytes = 1) => askFor(megabytes * megabyte);
  const after = (more: number, megabytes?: number) => {
    seconds += more;
    return ask(megabytes);
  };
  return { asked, ask, after };
}

const throwing = (error: Error) => () => {
  throw error;
};

describe('the room at a destination', () => {
  it('is what it refuses to go beyond, and what it holds', async () => {
    expect(await bench().ask()).toEqual({ limit: 10_000 * megabyte, held: megabyte });
  });

  it.each([
    ['has no limit', { maximumStorageMode: 'Reject', maximumStorageSizeMb: 0 }],
    ['tells of no limit', {}],
  ])('is not counted where it %s', async (_, facts) => {
    const { ask, asked } = bench({ system: () => facts });
    expect(await ask()).toBeUndefined();
    expect(asked).toEqual(['system']);
  });

  it('is all of its limit where it makes room by itself', async () => {
    const facts = { maximumStorageMode: 'Recycle', maximumStorageSizeMb: 10 };
    const { ask, asked } = bench({ system: () => facts });
    expect(await ask()).toEqual({ limit: 10 * megabyte, held: 0 });
    expect(asked).toEqual(['system']);
  });

  it('is asked for once by all that are refused within two seconds', async () => {
    let held = 1;
    const { ask, after, asked } = bench({ statistics: () => ({ diskSize: held * megabyte }) });
    await Promise.all([ask(), ask()]);
    held = 2;
    expect(await after(1.9)).toMatchObject({ held: megabyte });
    expect(asked).toEqual(['system', 'statistics']);
    expect(await after(0.1)).toMatchObject({ held: 2 * megabyte });
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['there was plenty', 8000, 900, 2],
    ['there was too little', 9500, 501, 2],
    ['there was so little that others may have it now', 9500, 500, 4],
  ])('where a moment ago %s: %d held, %d more, costs %d questions', async (...row) => {
    const [, held, megabytes, questions] = row;
    const { ask, after, asked } = bench({ statistics: () => ({ diskSize: held * megabyte }) });
    await ask(megabytes);
    await after(1, megabytes);
    expect(asked).toHaveLength(questions);
  });

  it.each([
    ['gives no answer', transientFailure('ORTHANC_UNREACHABLE', 'It is away.', { scope: 'run' })],
    ['refuses to tell', permanentFailure('ORTHANC_UNAUTHORIZED', 'Not you.')],
  ])('stays unknown where it %s, and is not asked for at once again', async (_, failure) => {
    for (const telling of [{ system: throwing(failure) }, { statistics: throwing(failure) }]) {
      const { ask, after, asked } = bench(telling);
      expect(await ask()).toBeUndefined();
      const questions = asked.length;
      expect(await after(1.9)).toBeUndefined();
      expect(asked).toHaveLength(questions);
      await after(0.1);
      expect(asked).toHaveLength(2 * questions);
    }
  });

  it('hides no defect', async () => {
    await expect(bench({ system: throwing(new TypeError('odd')) }).ask()).rejects.toThrow('odd');
  });
});
