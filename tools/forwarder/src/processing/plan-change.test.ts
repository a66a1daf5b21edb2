import { describe, expect, it } from '@jest/globals';
import type { Order } from './order.ts';
import { planChange } from './plan-change.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const identity = { patientId: 'P1', studyUid: '1.1', seriesUid: '1.2', sopInstanceUid: '1.3' };
const pseudonyms: Pseudonyms = { uid: (uid) => `new ${uid}`, patient: (id) => `somebody ${id}` };
const nothing = { replace: {}, remove: [], keep: [], more: {}, transcode: undefined } as const;
const editing: Order = { ...nothing, route: 'modify', identifiers: 'keep' };
const anonymizing: Order = { ...nothing, route: 'anonymize', identifiers: 'new' };
const entry = (name: string, value: unknown) => ({
  Name: name,
  Type: Array.isArray(value) ? 'Sequence' : 'String',
  Value: value,
});
const tags = {
  '0008,0016': entry('SOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
  '0008,0018': entry('SOPInstanceUID', '1.3'),
  '0020,000d': entry('StudyInstanceUID', '1.1'),
  '0020,000e': entry('SeriesInstanceUID', '1.2'),
  '0020,0052': entry('FrameOfReferenceUID', '1.4'),
  '0008,0058': entry('FailedSOPInstanceUIDList', '1.8\\1.9'),
  '0008,1140': entry('ReferencedImageSequence', [
    {
      '0008,1150': entry('ReferencedSOPClassUID', '1.2.840.10008.5.1.4.1.1.2'),
      '0008,1155': entry('ReferencedSOPInstanceUID', '1.3'),
    },
    { '0008,1155': entry('ReferencedSOPInstanceUID', '1.7') },
  ]),
  '0010,1002': entry('OtherPatientIDsSequence', [{ '0010,0020': entry('PatientID', 'P9') }]),
  '0009,1001': entry('Unknown & Private UID', '1.77'),
  '7fe0,0010': { Name: 'PixelData', Type: 'Null', Value: null },
};
const plan = (order: Order, more: object = {}) => planChange(order, { identity, tags, ...more }, pseudonyms);

describe('tag edits', () => {
  it('keep who the instance is, whatever Orthanc would make up', () => {
    const { change, expected } = plan({
      ...editing,
      replace: { InstitutionName: 'X' },
      remove: ['StationName'],
    });
    expect(expected).toEqual(identity);
    expect(change).toEqual({
      route: 'modify',
      change: {
        Replace: {
          InstitutionName: 'X',
          StudyInstanceUID: '1.1',
          SeriesInstanceUID: '1.2',
          SOPInstanceUID: '1.3',
        },
        Remove: ['StationName'],
        Force: true,
      },
    });
  });

  it.each(['PatientID', '0010,0020', '00100020', '0010-0020'])('may say by %s whose it is', (name) => {
    const { change, expected } = plan({ ...editing, replace: { [name]: 'P2' } });
    expect(expected).toEqual({ ...identity, patientId: 'P2' });
    expect(change.change['Replace']).toEqual({
      PatientID: 'P2',
      StudyInstanceUID: '1.1',
      SeriesInstanceUID: '1.2',
      SOPInstanceUID: '1.3',
    });
  });

  it('give new identifiers when told so, also where others are meant, and keep the patient', () => {
    const { change, expected } = plan({ ...editing, identifiers: 'new' });
    expect(expected).toEqual({
      patientId: 'P1',
      studyUid: 'new 1.1',
      seriesUid: 'new 1.2',
      sopInstanceUid: 'new 1.3',
    });
    expect(change.change['Replace']).toEqual({
      '0020,0052': 'new 1.4',
      '0008,0058': 'new 1.8\\new 1.9',
      '0008,1140[0].0008,1155': 'new 1.3',
      '0008,1140[1].0008,1155': 'new 1.7',
      StudyInstanceUID: 'new 1.1',
      SeriesInstanceUID: 'new 1.2',
      SOPInstanceUID: 'new 1.3',
    });
  });

  it('of one instance come on top of those for all', () => {
    const order = { ...editing, replace: { InstitutionName: 'X', StationName: 'Y' }, remove: ['A'] };
    const { change, expected } = plan(order, {
      edits: { replace: { StationName: 'Z', SOPInstanceUID: '1.99' }, remove: ['B'] },
    });
    expect(expected.sopInstanceUid).toBe('1.99');
    expect(change.change['Replace']).toMatchObject({ InstitutionName: 'X', StationName: 'Z' });
    expect(change.change['Remove']).toEqual(['A', 'B']);
  });
});

describe('anonymisation', () => {
  it('derives every identifier, and gives the pseudonym for the name', () => {
    const { change, expected } = plan(anonymizing);
    expect(expected).toEqual({
      patientId: 'somebody P1',
      studyUid: 'new 1.1',
      seriesUid: 'new 1.2',
      sopInstanceUid: 'new 1.3',
    });
    expect(change.route).toBe('anonymize');
    expect(change.change['Replace']).toMatchObject({
      PatientID: 'somebody P1',
      PatientName: 'somebody P1',
      '0010,1002[0].0010,0020': 'somebody P1',
      '0008,1140[1].0008,1155': 'new 1.7',
    });
  });

  it('takes what it is told instead', () => {
    const { change, expected } = plan({
      ...anonymizing,
      replace: { PatientID: 'TRIAL-1', PatientName: 'Trial^One' },
      more: { KeepPrivateTags: true },
    });
    expect(expected.patientId).toBe('TRIAL-1');
    expect(change.change).toMatchObject({
      KeepPrivateTags: true,
      Replace: { PatientID: 'TRIAL-1', PatientName: 'Trial^One', '0010,1002[0].0010,0020': 'TRIAL-1' },
    });
  });

  it('keeps what it is told to keep, and leaves alone what is to go', () => {
    const { change, expected } = plan({
      ...anonymizing,
      keep: ['StudyDescription', 'PatientID', 'PatientName', 'FrameOfReferenceUID'],
      remove: ['0008,0058'],
    });
    expect(expected.patientId).toBe('P1');
    expect(change.change['Keep']).toEqual(['StudyDescription', 'PatientName', 'FrameOfReferenceUID']);
    expect(change.change['Replace']).toMatchObject({ PatientID: 'P1' });
    for (const name of ['PatientName', '0020,0052', '0008,0058'])
      expect(change.change['Replace']).not.toHaveProperty([name]);
  });

  it('may keep all UIDs, those in sequences too', () => {
    const { change, expected } = plan({ ...anonymizing, identifiers: 'keep' });
    expect(expected).toMatchObject({ ...identity, patientId: 'somebody P1' });
    expect(change.change['Replace']).toMatchObject({ '0020,0052': '1.4', '0008,1140[1].0008,1155': '1.7' });
  });

  it('makes different persons of patients without an identifier', () => {
    const of = (studyUid: string) =>
      planChange(anonymizing, { identity: { ...identity, patientId: '', studyUid }, tags }, pseudonyms)
        .expected;
    expect(of('1.1').patientId).not.toBe(of('1.11').patientId);
  });
});

describe('transcoding', () => {
  const jpeg2000 = '1.2.840.10008.1.2.4.90';
  it('is part of the same request', () => {
    const planned = plan({ ...anonymizing, transcode: jpeg2000 });
    expect(planned.transferSyntax).toBe(jpeg2000);
    expect(planned.change.change['Transcode']).toBe(jpeg2000);
  });

  it('compresses nothing that has no pixels', () => {
    const without = Object.fromEntries(Object.entries(tags).filter(([tag]) => tag !== '7fe0,0010'));
    const planned = plan({ ...editing, transcode: jpeg2000 }, { tags: without });
    expect(planned.transferSyntax).toBeUndefined();
    expect(planned.change.change).not.toHaveProperty('Transcode');
  });

  it('to what is not compressed concerns everything', () => {
    const explicit = '1.2.840.10008.1.2.1';
    expect(plan({ ...editing, transcode: explicit }, { tags: undefined }).transferSyntax).toBe(explicit);
  });
});
