import { describe, expect, it } from '@jest/globals';
import { chooseMode } from './choose-mode.ts';

const sure = { alias: 'b', seemsDestination: true, hasSameAddress: true, roundTripMs: 1, fromHereMs: 50 };

describe('the mode that nobody has ordered', () => {
  it('is peering where the source reaches the very destination, and the cloner is far from them', () => {
    expect(chooseMode([{ ...sure, alias: 'a', seemsDestination: false }, sure], false)).toMatchObject({
      mode: 'Peering',
      peer: 'b',
    });
  });

  it('is Default where the cloner is near both, unless somebody has named the peer', () => {
    const choice = chooseMode([{ ...sure, fromHereMs: 2 }], false);
    expect(choice.mode).toBe('Default');
    expect(choice.because).toContain('near the cloner');
    expect(chooseMode([{ ...sure, fromHereMs: 2 }], true).mode).toBe('Peering');
    expect(chooseMode([{ ...sure, fromHereMs: 21 }], false).mode).toBe('Peering');
  });

  it('is Default where no peer is the destination', () => {
    expect(chooseMode([], false).mode).toBe('Default');
    expect(chooseMode([{ ...sure, seemsDestination: false }], false).mode).toBe('Default');
  });

  it('is Default where a peer only tells the same of itself, unless somebody has named it', () => {
    const copy = { ...sure, hasSameAddress: false };
    const choice = chooseMode([copy], false);
    expect(choice.mode).toBe('Default');
    expect(choice.because).toContain('name it');
    expect(chooseMode([copy], true).mode).toBe('Peering');
  });

  it('is Default where each answer comes from afar', () => {
    expect(chooseMode([{ ...sure, roundTripMs: 40 }], false).mode).toBe('Default');
    expect(chooseMode([{ ...sure, roundTripMs: undefined }], false).mode).toBe('Default');
  });
});
