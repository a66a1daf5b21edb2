import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { openBudget } from '@orthanc-tools/work-loop';
import { type Content, largestHeld, wholeContent } from './content.ts';
import { hasFailed, whileHeld } from './hold-together.ts';
import type { Parcel } from './send-content.ts';

const half = Buffer.alloc(largestHeld / 2);

/** A content of the file system, which tells when it is held. */
function contentOf(bytes: Buffer, told: string[] = [], name = 'file'): Content {
  const hold = () => {
    told.push(`hold ${name}`);
    return Promise.resolve({ bytes, release: () => undefined });
  };
  return { ...wholeContent(bytes), isWhole: false, hold };
}

const streamed: Content = { ...wholeContent(Buffer.alloc(10)), isWhole: false, size: largestHeld + 1 };
const failing: Content = {
  ...streamed,
  size: 10,
  hold: () => Promise.reject(transientFailure('FILE_CHANGED', 'The file changed while it was read.')),
};

const parcelsOf = (contents: readonly Content[]): Parcel[] =>
  contents.map((content) => ({ content, identity: undefined }));

/** Contents of half the size of what is read in one go, and work that ends when it is told to. */
function scene(count: number, roomBytes = Infinity) {
  const told: string[] = [];
  const names = Array.from({ length: count }, (_, at) => String.fromCharCode(97 + at));
  const parcels = parcelsOf(names.map((name) => contentOf(half, told, name)));
  const working = new Map(names.map((name) => [name, Promise.withResolvers<undefined>()]));
  const room = openBudget(roomBytes);
  const ended = whileHeld(parcels, room, async (parcel) => {
    const name = names[parcels.indexOf(parcel)] ?? '';
    told.push(`begin ${name}`);
    await working.get(name)?.promise;
    told.push(`end ${name}`);
  });
  const end = (...which: string[]) => {
    for (const name of which) working.get(name)?.resolve(undefined);
  };
  return { told, ended, end, fail: (name: string, error: Error) => working.get(name)?.reject(error), room };
}

/** Lets all go on that can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('contents that are held together', () => {
  it('come each with its own MD5 and fate', async () => {
    const [a, b] = [Buffer.alloc(200_000, 1), Buffer.alloc(150_000, 2)];
    const parcels = parcelsOf([contentOf(a), failing, wholeContent(b), streamed, contentOf(b)]);
    const became = new Map<Parcel, string>();
    await whileHeld(parcels, openBudget(Infinity), async (parcel, read) => {
      became.set(parcel, hasFailed(read) ? 'failed' : (read?.md5 ?? 'streamed'));
      await Promise.resolve();
    });
    expect(parcels.map((parcel) => became.get(parcel))).toEqual([
      hash('md5', a),
      'failed',
      hash('md5', b),
      'streamed',
      hash('md5', b),
    ]);
  });

  it('are worked on side by side, while the next are read', async () => {
    const { told, ended, end } = scene(10);
    await settle();
    expect(told.filter((one) => one.startsWith('begin'))).toEqual(
      [...'abcdefgh'].map((name) => `begin ${name}`),
    );
    expect(told).not.toContain('hold i');
    end(...'efgh');
    await settle();
    expect(told.slice(-2)).toEqual(['begin i', 'begin j']);
    end(...'abcdij');
    await ended;
  });

  it('are no more bytes at once than there is room for', async () => {
    const { told, ended, end, room } = scene(8, (5 * largestHeld) / 2);
    await settle();
    expect(told.filter((one) => one.startsWith('hold'))).toEqual(['hold a', 'hold b', 'hold c', 'hold d']);
    end(...'abcd');
    await settle();
    expect(told).toContain('begin h');
    end(...'efgh');
    await ended;
    expect(room.isShort((5 * largestHeld) / 2)).toBe(false);
  });

  it('are not read any more once work has failed, which is told when all that was begun has ended', async () => {
    const { told, ended, end, fail } = scene(12);
    let isTold = false;
    const telling = ended.catch((error: unknown) => {
      isTold = true;
      return error;
    });
    await settle();
    fail('a', new Error('a defect'));
    end(...'bcd');
    await settle();
    expect([isTold, told.includes('hold i')]).toEqual([false, false]);
    end(...'efgh');
    expect(await telling).toEqual(new Error('a defect'));
    expect(told).not.toContain('hold i');
  });

  it('fail by what is no failure', async () => {
    const broken: Content = { ...failing, hold: () => Promise.reject(new Error('a defect')) };
    const work = () => Promise.resolve();
    await expect(whileHeld(parcelsOf([broken]), openBudget(Infinity), work)).rejects.toThrow('a defect');
  });
});
