import iconv from 'iconv-lite';
import { describe, expect, it } from '@jest/globals';
import { everyCharacterSet } from './character-sets.ts';
import { textEncoder } from './encode-text.ts';

const ESC = '\x1b';
const encode = (terms: string[], text: string): string => textEncoder(terms)(text, '^=').toString('latin1');
const bytes = (text: string): string => Buffer.from(text, 'hex').toString('latin1');

describe('textEncoder', () => {
  it('writes Japanese as PS3.5 H.3.1 shows it', () => {
    expect(encode(['', 'ISO 2022 IR 87'], 'Yamada^Tarou=山田^太郎=やまだ^たろう')).toBe(
      `Yamada^Tarou=${ESC}$B;3ED${ESC}(B^${ESC}$BB@O:${ESC}(B=${ESC}$B$d$^$@${ESC}(B^${ESC}$B$?$m$&${ESC}(B`,
    );
  });

  it('writes Korean as PS3.5 I.2 shows it', () => {
    expect(encode(['', 'ISO 2022 IR 149'], 'Hong^Gildong=洪^吉洞=홍^길동')).toBe(
      `Hong^Gildong=${ESC}$)C${bytes('fbf3')}^${ESC}$)C${bytes('d1ced4d7')}=${ESC}$)C${bytes('c8ab')}^${ESC}$)C${bytes('b1e6b5bf')}`,
    );
  });

  it('writes Chinese as PS3.5 K.2 shows it', () => {
    expect(encode(['', 'ISO 2022 IR 58'], 'Zhang^XiaoDong=张^小东')).toBe(
      `Zhang^XiaoDong=${ESC}$)A${bytes('d5c5')}^${ESC}$)A${bytes('d0a1b6ab')}`,
    );
  });

  it.each([
    ['ISO_IR 100', 'Buc^Jérôme', '4275635e4ae972f46d65'],
    ['ISO_IR 144', 'Люкceмбypг', 'bbeeda6365dcd17970d3'],
    ['ISO_IR 126', 'Διονυσιος', 'c4e9efedf5f3e9eff2'],
    ['ISO_IR 127', 'قباني', 'e2c8c7e6ea'],
    ['ISO_IR 192', '王', 'e78e8b'],
    ['GB18030', '王', 'cdf5'],
  ])('writes %s', (term, text, hex) => {
    expect(Buffer.from(encode([term], text), 'latin1').toString('hex')).toBe(hex);
  });

  it('returns to ASCII before a control character ends the line', () => {
    expect(encode(['', 'ISO 2022 IR 87'], '山\r\n山')).toBe(`${ESC}$B;3${ESC}(B\r\n${ESC}$B;3${ESC}(B`);
  });

  it('uses the first set without announcing it, the others with', () => {
    expect(encode(['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'é Ж')).toBe(
      `${bytes('e9')} ${ESC}-L${bytes('b6')}`,
    );
  });

  it.each([
    [['ISO_IR 100'], 'Ж'],
    [[], 'é'],
    [['', 'ISO 2022 IR 87'], '홍'],
    [['ISO_IR 999'], 'é'],
  ])('refuses to write something else than the text: %p', (terms, text) => {
    expect(() => encode(terms, `${text} Confidential`)).toThrow(
      expect.objectContaining({ code: 'TEXT_NOT_ENCODABLE' }),
    );
    expect(() => encode(terms, `${text} Confidential`)).not.toThrow('Confidential');
  });
});

it('writes ASCII as it is in every character set, so that it need not be converted', () => {
  const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
  for (const { codec } of everyCharacterSet())
    expect(iconv.encode(ascii, codec).toString('latin1')).toBe(ascii);
  for (const term of ['ISO_IR 192', 'GB18030', 'GBK', 'ISO_IR 999', ''])
    expect(encode([term], ascii)).toBe(ascii);
});
