import { describe, expect, it } from '@jest/globals';
import { type SeriesFacts, wantsSeries } from './wants-series.ts';

const facts: SeriesFacts = {
  modality: 'CT',
  studyDescription: 'CT Thorax native',
  station: 'CT1',
  sender: 'SCANNER',
  labels: ['urgent'],
};

describe('the filter of a destination', () => {
  it('wants everything when it says nothing', () => {
    expect(wantsSeries({}, facts)).toBe(true);
  });

  it.each([
    [{ modalities: ['MR', 'CT'] }, true],
    [{ modalities: ['MR'] }, false],
    [{ modalities: [] }, false],
    [{ senders: ['SCANNER'] }, true],
    [{ senders: ['scanner'] }, false],
    [{ stations: ['CT2'] }, false],
    [{ labels: ['other', 'urgent'] }, true],
    [{ labels: ['other'] }, false],
    [{ studyDescription: 'thorax' }, true],
    [{ studyDescription: 'abdomen' }, false],
    [{ studyDescriptionPattern: /^CT .*native$/ }, true],
    [{ studyDescriptionPattern: /^MR/ }, false],
  ])('%j: %s', (filter, isWanted) => {
    expect(wantsSeries(filter, facts)).toBe(isWanted);
  });

  it('must be met in all that it says', () => {
    expect(wantsSeries({ modalities: ['CT'], labels: ['other'] }, facts)).toBe(false);
  });
});
