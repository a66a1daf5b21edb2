import { describe, expect, it } from '@jest/globals';
import { planShipments } from './plan-shipments.ts';

const megabyte = 1024 ** 2;
const instance = (id: string, seriesId: string, size = megabyte) => ({ id, seriesId, size });
const idsOf = (shipments: { id: string }[][]) => shipments.map((shipment) => shipment.map(({ id }) => id));
const unit = [instance('a', 'one'), instance('b', 'two'), instance('c', 'one')];

describe('what travels together', () => {
  it.each(['dicom', 'dicom-web', 'peering', 'transfer', 'orthanc'] as const)(
    'is the whole unit by %s',
    (mode) => {
      expect(idsOf(planShipments(mode, unit))).toEqual([['a', 'b', 'c']]);
    },
  );

  it.each(['dicom-series-by-series', 'dicom-web-series-by-series'] as const)('is a series by %s', (mode) => {
    expect(idsOf(planShipments(mode, unit))).toEqual([['a', 'c'], ['b']]);
  });

  it('stays below 1 GB by DICOMweb, but for one instance that is larger', () => {
    const large = [
      instance('a', 'one', 600 * megabyte),
      instance('b', 'one', 500 * megabyte),
      instance('c', 'one', 524 * megabyte),
      instance('d', 'one', 2000 * megabyte),
    ];
    expect(idsOf(planShipments('dicom-web', large))).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('is little to a peer, in a bounded number of jobs', () => {
    const many = Array.from({ length: 90 }, (_, index) => instance(String(index), 'one'));
    expect(planShipments('peering', many).map(({ length }) => length)).toEqual([40, 40, 10]);
    expect(planShipments('dicom', many)).toHaveLength(1);
    const more = Array.from({ length: 4000 }, (_, index) => instance(String(index), 'one'));
    expect(planShipments('peering', more).map(({ length }) => length)).toEqual(Array(16).fill(250));
  });

  it('is nothing where there is nothing', () => {
    expect(planShipments('dicom', [])).toEqual([]);
  });
});
