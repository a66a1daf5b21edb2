import { describe, expect, it } from '@jest/globals';
import { companionsOf, planCompanies, planHand } from './plan-companies.ts';

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
    expect(keysOf(planCompanies('peering', [unit('a', 20), unit('b', 20), unit('c', 1)]))).toEqual(['abc']);
  });

  it('are no more instances than one job should hold, but for a unit that is larger by itself', () => {
    const units = [unit('a', 300), unit('b', 150), unit('c', 100), unit('d', 900), unit('e', 1)];
    expect(keysOf(planCompanies('peering', units))).toEqual(['ab', 'c', 'd', 'e']);
  });

  it('are fewer by DICOM, and never less than a unit', () => {
    const units = [unit('a', 40), unit('b', 40), unit('c', 1), unit('d', 300)];
    expect(keysOf(planCompanies('dicom', units))).toEqual(['ab', 'c', 'd']);
  });

  it('are many by DICOMweb', () => {
    const units = [
      unit('a', 600, 0.2 * megabyte),
      unit('b', 600, 0.2 * megabyte),
      unit('c', 1, 300 * megabyte),
    ];
    expect(keysOf(planCompanies('dicom-web', units))).toEqual(['ab', 'c']);
  });

  it('are no more bytes than one job should hold', () => {
    const units = [unit('a', 30, megabyte), unit('b', 30, megabyte), unit('c', 30, megabyte)];
    expect(keysOf(planCompanies('peering', units))).toEqual(['ab', 'c']);
  });

  it('are fewer with each attempt, so that one that cannot be sent soon travels alone', () => {
    const units = (attempt: number) => [...'abcdefghij'].map((key) => unit(key, 1, kilobyte, attempt));
    expect(keysOf(planCompanies('peering', units(1)))).toEqual(['abcdefghij']);
    expect(keysOf(planCompanies('peering', units(2)))).toEqual(['abcdefgh', 'ij']);
    expect(planCompanies('peering', units(3))).toHaveLength(10);
    expect(planCompanies('peering', units(20))).toHaveLength(10);
  });

  it('are of one attempt: what has failed does not take down what is new', () => {
    const units = [unit('a', 1), unit('b', 1, kilobyte, 2), unit('c', 1)];
    expect(keysOf(planCompanies('peering', units))).toEqual(['ac', 'b']);
  });

  it('are none where there is none', () => {
    expect(planCompanies('peering', [])).toEqual([]);
  });
});

describe('how many are looked for together', () => {
  it.each([
    ['small studies by DICOM', 'dicom', [unit('a', 20), unit('b', 20)], 4],
    ['small studies to a peer', 'peering', [unit('a', 20)], 25],
    ['tiny ones', 'peering', [unit('a', 1)], 64],
    ['large ones', 'peering', [unit('a', 100, megabyte), unit('b', 100, megabyte)], 1],
    ['large images by DICOMweb', 'dicom-web', [unit('a', 100, megabyte)], 5],
  ] as const)('of %s by %s', (_, mode, units, companions) => {
    expect(companionsOf(mode, units)).toBe(companions);
  });
});

describe('a hand', () => {
  const plan = (...units: Parameters<typeof planHand>[1][number][]) => {
    const { companies, rest } = planHand('dicom', units as ReturnType<typeof unit>[], 0);
    return [keysOf(companies), keysOf([rest])];
  };

  it('keeps what travels together, and leaves the rest to others', () => {
    expect(plan(unit('a', 60), unit('b', 20), unit('c', 800), unit('d', 1))).toEqual([['ab'], ['cd']]);
    expect(plan(unit('a', 800), unit('b', 800))).toEqual([['a'], ['b']]);
  });

  it('keeps a few of those that go alone', () => {
    const failed = [...'abcdef'].map((key) => unit(key, 1, kilobyte, 3));
    expect(plan(...failed)).toEqual([['a', 'b', 'c', 'd'], ['ef']]);
  });

  it('is empty where there is nothing', () => {
    expect(planHand('dicom', [], 0)).toEqual({ companies: [], rest: [] });
  });

  describe('by DICOMweb', () => {
    const kept = (units: readonly ReturnType<typeof unit>[], others = 0) =>
      planHand('dicom-web', units, units.length + others).companies.flat().length;
    const large = Array.from({ length: 10 }, () => unit('a', 100, megabyte / 2));
    const small = Array.from({ length: 128 }, () => unit('a', 20));

    it('leaves half of what there is to others', () => {
      expect([kept(large), kept(small), kept(small, 72)]).toEqual([5, 64, 100]);
      expect(planHand('dicom-web', large, 10).rest).toHaveLength(5);
    });

    it('takes all that travels together where there is as much besides', () => {
      expect([kept(small, 128), kept(large, 10)]).toEqual([128, 10]);
    });

    it('takes more than half of what would not be worth a job', () => {
      const [few, tiny] = [small.slice(0, 40), small.slice(0, 4)];
      expect([kept(few), kept(tiny), kept(large.slice(0, 4))]).toEqual([33, 4, 3]);
    });
  });
});
