import { describe, expect, it } from '@jest/globals';
import type { Item } from './item.ts';
import { csvHead, csvLine, jsonLine } from './item-lines.ts';

const item: Item = {
  state: 'differs',
  level: 'study',
  studyInstanceUid: '1.2.3',
  studyDate: '20240102',
  code: 'ATTRIBUTES_DIFFER',
  attributes: [{ keyword: 'StudyDescription', here: 'a "b"', there: 'c,\nd' }],
};

describe('an item', () => {
  it('is a line of JSON with its symbol', () => {
    expect(JSON.parse(jsonLine(item))).toEqual({ symbol: '*', ...item });
    expect(jsonLine(item).indexOf('\n')).toBe(jsonLine(item).length - 1);
  });

  it('has as many cells as the head of the CSV, whatever it holds', () => {
    expect(csvHead.split(',')).toHaveLength(12);
    expect(csvLine(item)).toBe(
      '"*",differs,study,20240102,1.2.3,,,ATTRIBUTES_DIFFER,,,' +
        '"[{""keyword"":""StudyDescription"",""here"":""a \\""b\\"""",""there"":""c,\\nd""}]",\n',
    );
  });

  it.each([
    ['equal', '"="'],
    ['onlyInOrthanc', '"+"'],
    ['onlyThere', '"-"'],
    ['unknown', '"!"'],
  ] as const)('that is %s begins with %s', (state, symbol) => {
    expect(csvLine({ ...item, state }).startsWith(`${symbol},`)).toBe(true);
  });
});
