import type { FoundStudy, Span } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import { onceEach } from './once-each.ts';

const study = (uid: string, date: string): FoundStudy => ({
  ...{ studyInstanceUid: uid, date, time: '', modalities: [], instances: 1, tags: {} },
});
const days = (from: string, to: string): Span => ({ dates: { from, to } });
const uidsOf = (studies: readonly FoundStudy[]) => studies.map(({ studyInstanceUid }) => studyInstanceUid);

describe('the studies that a search tells', () => {
  it('count once where the parts of a day overlap', () => {
    const news = onceEach();
    const day = days('20240101', '20240101');
    const all = ['1', '2'].map((uid) => study(uid, '20240101'));
    expect(uidsOf(news({ span: day, studies: all }))).toEqual(['1', '2']);
    const part = { ...day, times: { from: '000000', to: '115959' } };
    const more = [...all, study('3', '20240101')];
    expect(uidsOf(news({ span: part, studies: more }))).toEqual(['3']);
    expect(uidsOf(news({ span: { ...day, modality: 'CT' }, studies: more }))).toEqual([]);
  });

  it('count once where those without a date are told with any days', () => {
    const news = onceEach();
    const [dated, undated] = [study('1', '20240101'), study('2', '')];
    expect(uidsOf(news({ span: days('20240101', '20240131'), studies: [dated, undated] }))).toEqual([
      '1',
      '2',
    ]);
    expect(uidsOf(news({ span: days('20240201', '20240229'), studies: [undated] }))).toEqual([]);
    expect(uidsOf(news({ span: { dates: undefined }, studies: [undated] }))).toEqual([]);
  });
});
