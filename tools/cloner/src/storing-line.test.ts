import { describe, expect, it } from '@jest/globals';
import { type Failure, ambiguousFailure, transientFailure } from '@orthanc-tools/failures';
import type { MultipartPart } from '@orthanc-tools/orthanc-client';
import { openBudget } from '@orthanc-tools/work-loop';
import type { Lanes } from './lanes.ts';
import { openStoringLine } from './storing-line.ts';

const partOf = (length: number): MultipartPart => ({
  chunks: [new Uint8Array(length)],
  length,
  release: () => {
    throw new Error('bytes that may still be on their way were lent to somebody else');
  },
});

const refusedTogether = ambiguousFailure('ORTHANC_STORAGE_FULL', 'No room.', { scope: 'run' });
const lacksRoom = transientFailure('DESTINATION_LACKS_ROOM', 'Too little room for this one.');
const isFull = transientFailure('DESTINATION_FULL', 'It is full.', { scope: 'run' });

/** A destination without room for a batch, nor by itself for what is longer than ten bytes. */
function bench({ alone, web = false }: { readonly alone: Failure; readonly web?: boolean }) {
  const sent: number[] = [];
  const refuse = () => Promise.reject(refusedTogether);
  const store = async (chunks: readonly Uint8Array[]) => {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    sent.push(length);
    await Promise.resolve();
    if (length > 10) throw alone;
    return [{ id: 'there', status: 'Success' }];
  };
  const [budget, reads, stores] = [openBudget(100), openBudget(2), openBudget(2)];
  const lanes = {
    budget,
    destination: { instances: { store, storeZip: refuse } },
    destinationWeb: web ? { store: refuse } : undefined,
  } as unknown as Lanes;
  const told: number[] = [];
  const line = openStoringLine(lanes, { isNear: false, atOnce: 2, begun: openBudget(2), reads, stores });
  const study = line.forStudy({
    tell: ({ bytes }) => told.push(bytes),
    signal: new AbortController().signal,
  });
  const ship = async (...lengths: readonly number[]) => {
    const bytes = lengths.reduce((sum, length) => sum + length, 0);
    await budget.take(bytes);
    await study.ship({ parts: lengths.map(partOf), bytes });
    return study.finished();
  };
  const isIdle = () => !budget.isShort(100) && !stores.isShort(2);
  return { sent, told, ship, isIdle };
}

describe('a batch for which there is no room', () => {
  it.each([
    ['by ZIP', false],
    ['by STOW-RS', true],
  ])('is stored one by one: that shows which it is, %s', async (_, web) => {
    const { sent, told, ship, isIdle } = bench({ alone: lacksRoom, web });
    expect(await ship(1, 20, 2)).toBe(lacksRoom);
    expect([sent, told, isIdle()]).toEqual([[1, 20, 2], [1, 2], true]);
  });

  it('is given up with the first that shows a full destination', async () => {
    const { sent, ship, isIdle } = bench({ alone: isFull });
    await expect(ship(1, 20, 2)).rejects.toBe(isFull);
    expect([sent, isIdle()]).toEqual([[1, 20], true]);
  });
});
