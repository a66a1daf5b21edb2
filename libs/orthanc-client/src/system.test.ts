import { describe, expect, it } from '@jest/globals';
import { parseNow, parseStatistics, parseSystem } from './system.ts';

/** As Orthanc 1.12.4 answers: nothing of what later versions added. */
const before = { ApiVersion: 24, Version: '1.12.4', Name: 'old', OverwriteInstances: false, HasLabels: true };
const after = {
  ApiVersion: 31,
  Version: '1.13.0',
  Name: '',
  DicomPort: 4242,
  Capabilities: { HasExtendedFind: true, HasExtendedChanges: true },
  DatabaseServerIdentifier: 'b7886c3a',
  OverwriteInstances: true,
  OverwriteInstancesMode: 'IfChanged',
  StoreMD5ForAttachments: false,
  StorageCompression: true,
  IngestTranscoding: '1.2.840.10008.1.2.4.80',
  MaximumStorageSize: 0,
  Performance: { HttpThreadsCount: 50 },
};

describe('parseSystem', () => {
  it('knows what an older Orthanc does not tell', () => {
    expect(parseSystem(before)).toMatchObject({
      version: '1.12.4',
      hasExtendedFind: false,
      hasExtendedChanges: false,
      hasLabels: true,
      overwrite: 'Never',
      storesMd5: undefined,
      ingestTranscoding: undefined,
      httpThreads: undefined,
    });
    expect(parseSystem({ ...before, OverwriteInstances: true }).overwrite).toBe('Always');
  });

  it('reads what version 1.13 tells', () => {
    expect(parseSystem(after)).toMatchObject({
      name: undefined,
      dicomPort: 4242,
      hasExtendedFind: true,
      hasExtendedChanges: true,
      overwrite: 'IfChanged',
      storesMd5: false,
      storageCompression: true,
      ingestTranscoding: '1.2.840.10008.1.2.4.80',
      maximumStorageSizeMb: 0,
      httpThreads: 50,
    });
  });

  it.each([
    ['1.12.4', false, undefined, false],
    ['1.12.7', true, undefined, true],
    ['1.13.0', true, undefined, true],
    ['1.13.0', true, '/usr/share/orthanc/plugins/libOrthancPostgreSQLIndex.so', false],
    ['1.13.1', true, undefined, false],
  ])(
    'knows that %s (ExtendedFind: %j, index %j) searches for each: %j',
    (version, HasExtendedFind, plugin, isSo) => {
      const told = {
        ...after,
        Version: version,
        Capabilities: { HasExtendedFind },
        DatabaseBackendPlugin: plugin,
      };
      expect(parseSystem(told).searchesForEach).toBe(isSo);
    },
  );

  it.each([
    ['1.12.7', false],
    ['1.12.8', true],
    ['1.12.10', true],
    ['1.13.0', true],
    ['2.0.0', true],
    ['1.9.12', false],
    ['mainline', false],
  ])('knows whether version %s finds who is protected', (version, findsProtection) => {
    expect(parseSystem({ ...after, Version: version })).toMatchObject({ version, findsProtection });
  });

  it.each([{}, [], null, { Version: '1.13.0' }, { ApiVersion: 31 }])('takes %j for no Orthanc', (answer) => {
    expect(() => parseSystem(answer)).toThrow(expect.objectContaining({ name: 'UnreadableAnswer' }));
  });
});

describe('parseStatistics', () => {
  it('reads sizes that are written as texts', () => {
    const counts = { CountPatients: 1, CountStudies: 2, CountSeries: 3, CountInstances: 4 };
    const sizes = { TotalDiskSize: '9007199254740000', TotalUncompressedSize: '12' };
    expect(parseStatistics({ ...counts, ...sizes })).toEqual({
      patients: 1,
      studies: 2,
      series: 3,
      instances: 4,
      diskSize: 9007199254740000,
      uncompressedSize: 12,
    });
  });
});

describe('parseNow', () => {
  it('reads the clock of an Orthanc, in UTC', () => {
    expect(parseNow('20260131T235958').toISOString()).toBe('2026-01-31T23:59:58.000Z');
    expect(() => parseNow('noon')).toThrow(expect.objectContaining({ name: 'UnreadableAnswer' }));
  });
});
