import { describe, expect, it } from '@jest/globals';
import { type DayCount, barsByDay } from './bars-by-day.ts';

const counted = (...dates: readonly string[]): DayCount[] => dates.map((date) => ({ date, values: [1, 2] }));

describe('the bars of some days', () => {
  it('are one per day, with those between, in order', () => {
    expect(barsByDay(counted('20240301', '20240228'))).toEqual([
      { label: '2024-02-28', values: [1, 2] },
      { label: '2024-02-29', values: [0, 0] },
      { label: '2024-03-01', values: [1, 2] },
    ]);
  });

  it('are one per week, month or year where there is no room for more', () => {
    expect(barsByDay(counted('20240101', '20241231'))[0]?.label).toBe('week of 2024-01-01');
    expect(barsByDay(counted('20200101', '20241231'))[0]?.label).toBe('2020-01');
    expect(barsByDay(counted('19700101', '20241231'))[0]?.label).toBe('1970');
  });

  it('lose nothing when they are put together', () => {
    const days = Array.from({ length: 28 }, (_, at) =>
      counted(`199002${String(at + 1).padStart(2, '0')}`),
    ).flat();
    const total = barsByDay([...days, ...counted('20240101')]).reduce(
      (sum, { values }) => sum + (values[1] ?? 0),
      0,
    );
    expect(total).toBe(29 * 2);
  });

  it('end with what has no date, or none that is one', () => {
    expect(barsByDay(counted('20240101', '', '2024')).at(-1)).toEqual({ label: 'no date', values: [2, 4] });
  });

  it('are none of nothing', () => {
    expect(barsByDay([])).toEqual([]);
  });
});
