import { describe, expect, it } from '@jest/globals';
import { type Span, nameOfSpan, spanNamed, spanOf, undated } from './span.ts';
import { type Splitting, splitSpan } from './split-span.ts';

const usual: Splitting = { order: 'oldest first', modalities: ['CT', 'MR'] };
const split = (span: Span, more: Partial<Splitting> = {}) =>
  splitSpan(span, { ...usual, ...more }).map(nameOfSpan);

describe('a span is split', () => {
  it('by days, over the ends of months and leap years', () => {
    expect(split(spanOf('20240227', '20240301').span)).toEqual(['20240227-20240228', '20240229-20240301']);
    expect(split(spanOf('20240228', '20240229').span)).toEqual(['20240228', '20240229']);
  });

  it('with the newest first where that is wanted', () => {
    const { span, order } = spanOf('20240229', '20240228');
    expect(split(span, { order })).toEqual(['20240229', '20240228']);
  });

  it('by times within a day, down to the second', () => {
    const day = { dates: { from: '20240101', to: '20240101' } };
    expect(split(day)).toEqual(['20240101 000000-115959', '20240101 120000-235959']);
    expect(split({ ...day, times: { from: '235958', to: '235959' } })).toEqual([
      '20240101 235958',
      '20240101 235959',
    ]);
  });

  it('by modality where a second is too full', () => {
    const second = { dates: { from: '20240101', to: '20240101' }, times: { from: '120000', to: '120000' } };
    expect(split(second)).toEqual(['20240101 120000 CT', '20240101 120000 MR']);
  });

  it('by modality where studies have no date', () => {
    expect(split(undated)).toEqual(['CT', 'MR']);
  });

  it('no further than there are questions', () => {
    const least = { dates: undefined, modality: 'CT' };
    expect(split(least)).toEqual([]);
  });

  it('without losing or repeating a day of a century', () => {
    const left: Span[] = [spanOf('19991231', '20240301').span];
    const days: string[] = [];
    for (let span = left.shift(); span !== undefined; span = left.shift()) {
      if (span.dates?.from === span.dates?.to) days.push(span.dates?.from ?? '');
      else left.unshift(...splitSpan(span, usual));
    }
    expect(days).toEqual([...new Set(days)].sort());
    expect(days).toHaveLength((Date.UTC(2024, 2, 1) - Date.UTC(1999, 11, 31)) / 86_400_000 + 1);
  });
});

describe('the name of a span', () => {
  it.each<[string, Span]>([
    ['20240101', spanOf('20240101', '20240101').span],
    ['20240101-20240131', spanOf('20240101', '20240131').span],
    [
      '20240101 120000-125959 CT',
      { ...spanOf('20240101', '20240101').span, times: { from: '120000', to: '125959' }, modality: 'CT' },
    ],
    ['20240101 CT', { ...spanOf('20240101', '20240101').span, modality: 'CT' }],
    ['CT', { dates: undefined, modality: 'CT' }],
    ['undated', undated],
  ])('stands for it alone: %s', (name, span) => {
    expect(nameOfSpan(span)).toBe(name);
    expect(spanNamed(name)).toEqual(span);
  });

  it.each(['', '2024', 'a b', '20240101 ct'])('is nothing else: "%s"', (name) => {
    expect(spanNamed(name)).toBeUndefined();
  });
});
