import { describe, expect, it } from '@jest/globals';
import { identityOf, ledgerPlace } from './ledger-place.ts';

const way = { orthancUrl: 'http://orthanc:8042', destinationModality: 'new' };

describe('the ledger of a way', () => {
  it.each([
    { orthancUrl: 'http://other:8042' },
    { sourceModality: 'old' },
    { destinationModality: 'newer' },
    { destinationModality: undefined, destinationPeer: 'new' },
    { destinationModality: undefined, destinationAet: 'new' },
  ])('is not that of another one (%j)', (difference) => {
    const other = { ...way, ...difference };
    expect(identityOf(other)).not.toEqual(identityOf(way));
    expect(ledgerPlace(other, '/state')).not.toBe(ledgerPlace(way, '/state'));
  });

  it('is found again however the address is written, and names no user', () => {
    const same = { ...way, orthancUrl: 'http://user:word@orthanc:8042/' };
    expect(identityOf(same)).toEqual(identityOf(way));
    expect(ledgerPlace(same, '/state')).toBe(ledgerPlace(way, '/state'));
  });
});
