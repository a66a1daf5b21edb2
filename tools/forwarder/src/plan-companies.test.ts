import { describe, expect, it } from '@jest/globals';
import { planCompanies } from './plan-companies.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** A unit of so many instances of so many bytes, at its so-manieth attempt. */
const unit = (key: string, count: number, size = kilobyte, attempt = 1) => ({
  key,
  attempt,
  instances: Array.from({ length: count }, () => ({ size })),
});
const keysOf = (companies: readonly (readonly { key: string }[])[]) =>
  companies.map((company) => company.map(({ key }) => key).join(''));

describe('units that travel together', () => {
  it('are many small ones, in their order', () => {
    expect(keysOf(planCompanies([unit('a', 20), unit('b', 20), unit('c', 1)]))).toEqual(['abc']);
  });

  it('are no more instances than one job should hold, but for a unit that is larger by itself', () => {
    const units = [unit('a', 300), unit('b', 150), unit('c', 100), unit('d', 900), unit('e', 1)];
    expect(keysOf(planCompanies(units))).toEqual(['ab', 'c', 'd', 'e']);
  });

  it('are no more bytes than one job should hold', () => {
    const units = [unit('a', 30, megabyte), unit('b', 30, megabyte), unit('c', 30, megabyte)];
    expect(keysOf(planCompanies(units))).toEqual(['ab', 'c']);
  });

  it('are fewer with each attempt, so that one that cannot be sent soon travels alone', () => {
    const units = (attempt: number) => [...'abcdefghij'].map((key) => unit(key, 1, kilobyte, attempt));
    expect(keysOf(planCompanies(units(1)))).toEqual(['abcdefghij']);
    expect(keysOf(planCompanies(units(2)))).toEqual(['abcdefgh', 'ij']);
    expect(planCompanies(units(3))).toHaveLength(10);
    expect(planCompanies(units(20))).toHaveLength(10);
  });

  it('are of one attempt: what has failed does not take down what is new', () => {
    const units = [unit('a', 1), unit('b', 1, kilobyte, 2), unit('c', 1)];
    expect(keysOf(planCompanies(units))).toEqual(['ac', 'b']);
  });

  it('are none where there is none', () => {
    expect(planCompanies([])).toEqual([]);
  });
});
