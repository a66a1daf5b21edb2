import { describe, expect, it } from '@jest/globals';
import { faultsOfProfile, readOrder } from './read-order.ts';

const uids = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'];

describe('a profile', () => {
  it('keeps identifiers when it edits, and gives new ones when it anonymises', () => {
    expect(readOrder({ kind: 'modify', body: {} }, undefined).identifiers).toBe('keep');
    expect(readOrder({ kind: 'anonymize', body: {} }, undefined).identifiers).toBe('new');
    expect(readOrder({ kind: 'anonymize', body: { Keep: uids } }, undefined).identifiers).toBe('keep');
    expect(readOrder({ kind: 'modify', identifiers: 'new', body: {} }, undefined).identifiers).toBe('new');
  });

  it('hands on to Orthanc what it says beside that', () => {
    const body = { Replace: { PatientName: 'A' }, KeepPrivateTags: true, Keep: ['StudyDate'], Force: true };
    expect(readOrder({ kind: 'anonymize', body }, '1.2')).toEqual({
      route: 'anonymize',
      identifiers: 'new',
      replace: { PatientName: 'A' },
      remove: [],
      keep: ['StudyDate'],
      more: { KeepPrivateTags: true },
      transcode: '1.2',
    });
  });

  it.each([
    ['modify', { Keep: uids, Force: true, Replace: { InstitutionName: 'X' } }],
    ['anonymize', { Keep: ['PatientName'], DicomVersion: '2023b' }],
  ] as const)('to %s that can be right is not refused', (kind, body) => {
    expect(faultsOfProfile({ kind, body })).toEqual([]);
  });

  it.each([
    ['modify', { Replace: [] }, 'Replace must be an object of tags and their values'],
    ['modify', { Remove: 'PatientName' }, 'Remove must be a list of tags'],
    ['modify', { Transcode: '1.2' }, 'Transcode is said by transcode of the destination'],
    [
      'modify',
      { KeepSource: false },
      'KeepSource is nothing that can be told to modify on the way (known are Replace, Remove, Keep, Force, PrivateCreator, RemovePrivateTags)',
    ],
    ['modify', { Replace: { '0010,0020': 1 } }, 'Replace must give text for 0010,0020'],
    ['modify', { Remove: ['PatientID'] }, 'Remove cannot name PatientID: an instance needs it'],
    [
      'anonymize',
      { Keep: ['StudyInstanceUID'] },
      'Keep must name all of StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, or none',
    ],
  ] as const)('to %s with %j is refused', (kind, body, sentence) => {
    expect(faultsOfProfile({ kind, body }).map(({ field, fault }) => `${field} ${fault}`)).toEqual([
      sentence,
    ]);
  });

  it('cannot both keep and renew identifiers', () => {
    expect(faultsOfProfile({ kind: 'modify', identifiers: 'new', body: { Keep: uids } })).toHaveLength(1);
  });
});
