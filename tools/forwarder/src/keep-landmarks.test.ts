import { describe, expect, it } from '@jest/globals';
import { type Orthanc, readLandmarks, withPage, writeLandmarks } from '@orthanc-tools/orthanc-client';
import { keepLandmarks } from './keep-landmarks.ts';

const changeOf = (sequence: number) => ({
  ...{ sequence, type: 'NewInstance', at: '20260101T000000' },
  ...{ resourceType: 'Instance', id: `instance-${String(sequence)}` },
});

function logWith(sequences: readonly number[], position: string) {
  const cursors = new Map([['changes', position]]);
  const asked: number[] = [];
  const ledger = {
    cursor: (name: string) => cursors.get(name),
    setCursor: (name: string, value: string) => void cursors.set(name, value),
    enqueue: () => ({ added: 0, reopened: 0 }),
  };
  const read = ({ since }: { readonly since: number }) => {
    asked.push(since);
    return Promise.resolve({ changes: sequences.map(changeOf), isDone: true, last: 9 });
  };
  const inbox = { changes: { read } } as unknown as Orthanc;
  const keep = keepLandmarks({ inbox, ledger, signal: new AbortController().signal });
  return { keep, ledger, asked };
}

const sequencesIn = (ledger: Parameters<typeof readLandmarks>[0]) =>
  readLandmarks(ledger).map(({ sequence }) => sequence);

describe('the entries by which the change log is known', () => {
  it('are the oldest that are left and were read, where all others were deleted', async () => {
    const { keep, ledger } = logWith([2, 3, 8], '5');
    await keep();
    expect(sequencesIn(ledger)).toEqual([2, 3]);
  });

  it('stay what they are while there are any', async () => {
    const { keep, ledger, asked } = logWith([2, 3], '5');
    writeLandmarks(ledger, withPage([], [changeOf(4)]));
    await keep();
    expect([sequencesIn(ledger), asked]).toEqual([[4], []]);
  });

  it('are looked for once where nothing is left, until something has come', async () => {
    const { keep, ledger, asked } = logWith([], '5');
    await keep();
    await keep();
    expect(asked).toHaveLength(1);
    ledger.setCursor('changes', '6');
    await keep();
    expect(asked).toHaveLength(2);
  });
});
