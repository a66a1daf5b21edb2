import { describe, expect, it } from '@jest/globals';
import { parseReceipts, refusalIn } from './receipts.ts';

const id = '482c5004-203c4c21-2b358104-f05be2b2-01d7f70e';
const receiptOf = (status: string) => ({ id, status, studyId: undefined });

describe('parseReceipts', () => {
  it('reads one receipt and a list of them', () => {
    const said = { ID: id, Status: 'Success', ParentStudy: id };
    expect(parseReceipts(said)).toEqual([{ id, status: 'Success', studyId: id }]);
    expect(parseReceipts([said, said])).toHaveLength(2);
  });

  it('reads the receipt of what was filtered out, which has no parents', () => {
    expect(parseReceipts({ ID: id, Status: 'FilteredOut' })).toEqual([receiptOf('FilteredOut')]);
  });
});

describe('refusalIn', () => {
  it.each(['Success', 'AlreadyStored'])('lets %s go on', (status) => {
    expect(refusalIn(receiptOf(status))).toBeUndefined();
  });

  it.each([
    ['FilteredOut', 'INSTANCE_FILTERED'],
    ['Failure', 'INSTANCE_REFUSED'],
    ['Something new', 'INSTANCE_REFUSED'],
  ])('never takes %s for stored', (status, code) => {
    expect(refusalIn(receiptOf(status))).toMatchObject({ kind: 'permanent', code });
  });
});
