import { describe, expect, it } from '@jest/globals';
import { type RouteOptions, planRoute } from './plan-route.ts';

const none: RouteOptions = {
  sourceModality: undefined,
  destinationModality: undefined,
  destinationAet: undefined,
  destinationPeer: undefined,
  useGetNotMove: false,
};

describe('the route', () => {
  it('leads from Orthanc to a modality, as in the documentation of the Python tool', () => {
    expect(planRoute({ ...none, destinationModality: 'pacs' })).toEqual({
      from: 'orthanc',
      passOn: { to: 'modality', alias: 'pacs' },
    });
  });

  it('leads from a modality to Orthanc itself without a destination', () => {
    expect(planRoute({ ...none, sourceModality: 'old' })).toMatchObject({
      from: 'modality',
      method: 'move',
      arrivalAet: undefined,
      passOn: undefined,
    });
  });

  it('leads from a modality straight to an AET', () => {
    expect(planRoute({ ...none, sourceModality: 'old', destinationAet: 'NEW' })).toMatchObject({
      arrivalAet: 'NEW',
      passOn: undefined,
    });
  });

  it('leads from a modality through Orthanc to another, which the Python tool does not know', () => {
    expect(
      planRoute({ ...none, sourceModality: 'old', destinationModality: 'new', useGetNotMove: true }),
    ).toMatchObject({ method: 'get', arrivalAet: undefined, passOn: { to: 'modality', alias: 'new' } });
  });

  it('leads nowhere without source and destination', () => {
    expect(() => planRoute(none)).toThrow(/--source-modality \(SOURCE_MODALITY\)/);
  });
});
