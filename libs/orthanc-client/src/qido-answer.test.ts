import { describe, expect, it } from '@jest/globals';
import { parseSopInstanceUids } from './qido-answer.ts';

describe('an answer of QIDO-RS', () => {
  it('names instances', () => {
    const instance = (uid: string) => ({ '00080018': { vr: 'UI', Value: [uid] }, '0020000D': { vr: 'UI' } });
    expect(parseSopInstanceUids(JSON.stringify([instance('1.2'), instance('1.3')]))).toEqual(['1.2', '1.3']);
  });

  it.each([
    ['nothing', ''],
    ['an empty list', '[]'],
    ['a study', '[{"0020000D":{"vr":"UI","Value":["1"]}}]'],
    ['an element without a value', '[{"00080018":{"vr":"UI"}}]'],
  ])('may name none: %s', (_, answer) => {
    expect(parseSopInstanceUids(answer)).toEqual([]);
  });

  it.each(['<html>', '{}', '[1]', '[{"00080018":"1.2"}]', '[{"00080018":{"Value":[1]}}]'])(
    'that is none is told so: %s',
    (answer) => {
      expect(() => parseSopInstanceUids(answer)).toThrow('is not');
    },
  );
});
