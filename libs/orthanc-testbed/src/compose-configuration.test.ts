import { describe, expect, it } from '@jest/globals';
import { composeOrthanc } from './compose-configuration.ts';
import type { OrthancRequest } from './running-orthanc.ts';

const place = {
  storageFolder: '/data',
  httpPort: 1,
  dicomPort: 2,
  filePath: (name: string) => `/files/${name}`,
};
const configurationOf = (request: OrthancRequest) => composeOrthanc(request, place).configuration;

describe('composeOrthanc', () => {
  it('keeps ports and storage to itself', () => {
    const configuration = configurationOf({
      configuration: { HttpPort: 99, StorageDirectory: '/elsewhere' },
    });
    expect(configuration).toMatchObject({
      HttpPort: 1,
      DicomPort: 2,
      StorageDirectory: '/data',
      IndexDirectory: '/data',
    });
  });

  it('puts paths for the names of files, at any depth', () => {
    expect(configurationOf({ configuration: { A: { B: ['files:x.lua', 'plain'] } } })).toMatchObject({
      A: { B: ['/files/x.lua', 'plain'] },
    });
  });

  it('leaves a default away for null, but hands on a null further down', () => {
    const configuration = configurationOf({ configuration: { DicomWeb: null, Peers: { a: null } } });
    expect(configuration).not.toHaveProperty('DicomWeb');
    expect(configuration['Peers']).toEqual({ a: null });
  });

  it('makes an AET that DICOM allows out of any name', () => {
    expect(composeOrthanc({ name: 'a very long-winded name' }, place).aet).toBe('AVERYLONGWINDEDN');
    expect(composeOrthanc({ name: 'a', environment: { ORTHANC__DICOM_AET: 'OTHER' } }, place).aet).toBe(
      'OTHER',
    );
  });
});
