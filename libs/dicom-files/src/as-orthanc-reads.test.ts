import { describe, expect, it } from '@jest/globals';
import { asOrthancReads } from './as-orthanc-reads.ts';
import { textEncoder } from './encode-text.ts';

describe('asOrthancReads', () => {
  it.each([
    [['ISO_IR 100'], 'Müller'],
    [['ISO_IR 144'], 'Иван'],
    [['ISO_IR 192'], '患者-Ж'],
    [['GB18030'], '王小东'],
    [['', 'ISO 2022 IR 87'], 'A山B'],
    [['', 'ISO 2022 IR 149'], 'A홍B'],
    [['ISO 2022 IR 149'], '홍'],
    [['', 'ISO 2022 IR 58'], '张小东'],
    [['', 'ISO 2022 IR 144'], 'Иван'],
  ])('reads what was written in %p', (terms, text) => {
    expect(asOrthancReads(textEncoder(terms)(text), terms)).toBe(text);
  });

  it('takes text without character set as Latin 1', () => {
    expect(asOrthancReads(Buffer.from('Müller', 'latin1'), [])).toBe('Müller');
  });

  it('keeps only ASCII of a set that Orthanc does not know', () => {
    expect(asOrthancReads(Buffer.from('Müller', 'latin1'), ['ISO_IR 999'])).toBe('Mller');
    expect(asOrthancReads(textEncoder(['ISO_IR 203'])('€uro'), ['ISO_IR 203'])).toBe('uro');
  });

  it('lets the first set rule alone, as Orthanc does', () => {
    const terms = ['ISO 2022 IR 100', 'ISO 2022 IR 87'];
    expect(asOrthancReads(textEncoder(terms)('Mü山'), terms)).toBe('Mü;3');
  });
});
