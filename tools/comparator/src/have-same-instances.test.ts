import { orthancIds } from '@orthanc-tools/dicom-files';
import { describe, expect, it } from '@jest/globals';
import { haveSameInstances } from './have-same-instances.ts';
import type { SideContent } from './side.ts';

const patientId = 'P-1';
const study = { uid: '1', date: '', tags: { PatientID: patientId }, instances: 2, orthancId: undefined };
const pair = { uid: '1', here: study, there: study };

const idOf = (sopInstanceUid: string, patient = patientId) =>
  orthancIds({ patientId: patient, studyInstanceUid: '1', seriesInstanceUid: '1.1', sopInstanceUid })
    .instance;

const byIds = (...ids: readonly string[]): SideContent => ({
  series: new Map([['1.1', { tags: {}, instances: new Map(), instanceIds: new Set(ids) }]]),
  mayBeCut: false,
});

const byUids = (...uids: readonly string[]): SideContent => ({
  series: new Map([['1.1', { tags: {}, instances: new Map(uids.map((uid) => [uid, { tags: {} }])) }]]),
  mayBeCut: true,
});

const isSame = (here: SideContent, there: SideContent) => haveSameInstances(pair, { here, there });

describe('instances of which Orthanc told its identifiers', () => {
  it('are the same as those of which UIDs are told', () => {
    expect(isSame(byIds(idOf('a'), idOf('b')), byUids('b', 'a'))).toBe(true);
    expect(isSame(byIds(idOf('a'), idOf('b')), byIds(idOf('b'), idOf('a')))).toBe(true);
  });

  it('are not said to be the same as more, fewer or others', () => {
    for (const uids of [['a'], ['a', 'b', 'c'], ['a', 'c']])
      expect(isSame(byIds(idOf('a'), idOf('b')), byUids(...uids))).toBe(false);
    expect(isSame(byIds(idOf('a')), byIds(idOf('c')))).toBe(false);
  });

  it('are not said to be the same where the patient is another, or nothing is told', () => {
    expect(isSame(byIds(idOf('a', 'P-2')), byUids('a'))).toBe(false);
    expect(isSame({ series: new Map(), mayBeCut: false }, { series: new Map(), mayBeCut: true })).toBe(false);
  });
});
