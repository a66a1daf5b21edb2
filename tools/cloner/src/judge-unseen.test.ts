import { describe, expect, it } from '@jest/globals';
import { judgeUnseen } from './judge-unseen.ts';

const nothing = { wasAbsent: false, wasProved: false, isAccepted: false };

describe('an instance at a destination that shows no files', () => {
  it('is proved only where the destination names it and did not before', () => {
    expect(judgeUnseen('named', { ...nothing, wasAbsent: true, isAccepted: true })).toBe('proved');
    expect(judgeUnseen('named', { ...nothing, wasAbsent: true, isAccepted: false })).toBe('proved');
    expect(judgeUnseen('named', { ...nothing, wasProved: true, isAccepted: true })).toBe('proved');
    expect(judgeUnseen('named', nothing)).toBe('accepted');
    expect(judgeUnseen('named', { ...nothing, wasAbsent: false, isAccepted: true })).toBe('accepted');
  });

  it('is sent where it is not named, and looked for once more where it was sent', () => {
    expect(judgeUnseen('not named', nothing)).toBe('to send');
    expect(judgeUnseen('not named', { ...nothing, wasAbsent: true, isAccepted: false })).toBe('to send');
    expect(judgeUnseen('not named', { ...nothing, wasAbsent: true, isAccepted: true })).toBe('lost');
    expect(judgeUnseen('not named', { ...nothing, wasProved: true, isAccepted: true })).toBe('lost');
  });

  it('is sent once where nobody can be asked, and never proved', () => {
    expect(judgeUnseen('unknown', nothing)).toBe('to send');
    expect(judgeUnseen('unknown', { ...nothing, wasAbsent: false, isAccepted: true })).toBe('accepted');
  });
});
