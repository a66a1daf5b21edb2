import { describe, expect, it } from '@jest/globals';
import { seemOne } from './seem-one.ts';

const one = { databaseIdentifier: 'a', httpPort: 8042, dicomPort: 4242, name: 'A', aet: 'ORTHANC' };

describe('two addresses', () => {
  it('seem to be of one Orthanc when it tells the same of itself at both', () => {
    expect(seemOne(one, { ...one })).toBe(true);
  });

  it.each([
    { httpPort: 8043 },
    { dicomPort: 4243 },
    { name: 'B' },
    { aet: 'B' },
    { databaseIdentifier: 'b' },
  ])('are of two when %j differs', (difference) => {
    expect(seemOne(one, { ...one, ...difference })).toBe(false);
  });

  it('are taken for two where nothing is told', () => {
    const silent = { ...one, databaseIdentifier: undefined };
    expect(seemOne(silent, silent)).toBe(false);
  });
});
