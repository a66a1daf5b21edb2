import { describe, expect, it } from '@jest/globals';
import { isThatOfJob } from './note-newcomers.ts';

const begunAt = '20260131T235959.500000';

const received = (at: string, more: Readonly<Record<string, string>> = {}) => ({
  ReceptionDate: at,
  ...more,
});

describe('what a job took along', () => {
  it.each([
    ['overwrites nothing', 'before', '20260131T235958', true],
    ['overwrites nothing', 'within the second in which it began', '20260131T235959', true],
    ['overwrites nothing', 'after', '20260201T000000', false],
    ['may overwrite', 'before', '20260131T235958', true],
    ['may overwrite', 'within the second in which it began', '20260131T235959', false],
    ['may overwrite', 'after', '20260201T000000', false],
  ])('of an inbox that %s is the same if received %s: %s, %s', (inbox, _, at, expected) => {
    const neverOverwrites = inbox === 'overwrites nothing';
    expect(isThatOfJob(received(at), { begunAt, neverOverwrites })).toBe(expected);
  });

  it.each(['ModifiedFrom', 'AnonymizedFrom'])('and has %s may be another within that second', (name) => {
    const facts = received('20260131T235959', { [name]: 'something' });
    expect(isThatOfJob(facts, { begunAt, neverOverwrites: true })).toBe(false);
  });

  it('right after a second has begun may be another: what was received is told by a clock that lags', () => {
    const facts = received('20260131T235958');
    const job = { begunAt: '20260131T235959.003000', neverOverwrites: false };
    expect(isThatOfJob(facts, job)).toBe(false);
  });

  it('is not known to be the same where Orthanc tells neither', () => {
    expect(isThatOfJob({}, { begunAt, neverOverwrites: true })).toBe(false);
    expect(isThatOfJob(received('20260131T235958'), { begunAt: undefined, neverOverwrites: true })).toBe(
      false,
    );
  });
});
