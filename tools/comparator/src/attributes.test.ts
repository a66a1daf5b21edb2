import { describe, expect, it } from '@jest/globals';
import { byLevel, compareAttributes } from './attributes.ts';

const compared = (keyword: string, here: string, there: string, tellsAll = false) =>
  compareAttributes([keyword], { here: { [keyword]: here }, there: { [keyword]: there }, tellsAll });

describe('attributes', () => {
  it.each([
    ['PatientName', 'DOE^JANE', 'DOE^JANE^^^ '],
    ['StudyDate', '20240102', '2024.01.02'],
    ['StudyTime', '101500.000000', '1015'],
    ['StudyTime', '10:15:00', '101500'],
    ['StudyTime', '000000', '00'],
    ['ModalitiesInStudy', 'CT\\SR', 'SR\\CT'],
    ['NumberOfStudyRelatedInstances', '7', '07'],
    ['AccessionNumber', 'A1', 'A1 '],
    ['StudyDescription', '', ''],
  ])('%s "%s" and "%s" mean the same', (keyword, here, there) => {
    expect(compared(keyword, here, there)).toEqual({ differences: [], untold: [] });
  });

  it.each([
    ['PatientName', 'DOE^JANE', 'DOE^JOHN'],
    ['StudyTime', '101500', '101501'],
    ['StudyTime', '100000', '101000'],
    ['AccessionNumber', '7', '07'],
    ['StudyDescription', '', 'Thorax'],
  ])('%s "%s" and "%s" differ', (keyword, here, there) => {
    expect(compared(keyword, here, there).differences).toEqual([{ keyword, here, there }]);
  });

  it('that the other side does not tell are no differences', () => {
    expect(compared('StudyDescription', 'Thorax', '')).toEqual({
      differences: [],
      untold: ['StudyDescription'],
    });
  });

  it('that are empty on a side that tells all are differences', () => {
    const differences = [{ keyword: 'StudyDescription', here: 'Thorax', there: '' }];
    expect(compared('StudyDescription', 'Thorax', '', true)).toEqual({ differences, untold: [] });
  });

  it('that have lost letters are differences on a side that tells all', () => {
    expect(compared('PatientName', 'Müller', 'M?ller').differences).toEqual([]);
    expect(compared('PatientName', 'Müller', 'M?ller', true).differences).toHaveLength(1);
  });

  it('are asked for where they are told', () => {
    expect(byLevel(['PatientName', 'Modality', 'InstanceNumber', 'ModalitiesInStudy'])).toEqual({
      study: ['PatientName', 'ModalitiesInStudy'],
      series: ['Modality'],
      instance: ['InstanceNumber'],
    });
  });
});
