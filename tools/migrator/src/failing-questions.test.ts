import { describe, expect, it } from '@jest/globals';
import { type Span, splitSpan, undated, usualModalities } from '@orthanc-tools/study-search';
import { failingQuestions } from './failing-questions.ts';

const splitting = { order: 'oldest first', modalities: usualModalities } as const;

/** All that is ever asked for where each question fails for which `fails` is true. */
function askedOf(span: Span, fails: (part: Span) => boolean): Span[] {
  const failing = failingQuestions();
  const asked = [span];
  for (const part of asked) {
    if (!fails(part)) failing.answered();
    else if (failing.isToBeSplit(part)) asked.push(...splitSpan(part, splitting));
  }
  return asked;
}

const covers =
  (day: string) =>
  ({ dates }: Span) =>
    dates !== undefined && dates.from <= day && day <= dates.to;
const years = { dates: { from: '20000101', to: '20241231' } };
const day = { dates: { from: '20240229', to: '20240229' } };

describe('a question that keeps failing', () => {
  it('for one day is asked in eighths of that day in the end', () => {
    const asked = askedOf(years, covers('20240229'));
    const ofDay = asked.filter(({ dates }) => dates?.from === dates?.to && dates?.from === '20240229');
    expect(ofDay).toHaveLength(1 + 2 + 4 + 8);
    expect(ofDay.at(-1)?.times).toEqual({ from: '210000', to: '235959' });
    expect(asked.length).toBeLessThan(50);
  });

  it('for everything is not asked without end, however many years there are', () => {
    expect(askedOf(years, () => true).length).toBeLessThanOrEqual(2001);
  });

  it('for one modality of a day, or a part that a cap has made, is asked in no smaller parts', () => {
    const { isToBeSplit } = failingQuestions();
    expect(isToBeSplit({ ...day, times: { from: '120000', to: '121500' } })).toBe(false);
    expect(askedOf({ ...day, modality: 'CT' }, () => true)).toHaveLength(1);
  });

  it('for studies without a date is asked by modality, once', () => {
    expect(askedOf(undated, () => true)).toHaveLength(1 + usualModalities.length);
  });
});
