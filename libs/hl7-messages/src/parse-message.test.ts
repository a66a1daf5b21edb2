import { describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { charsetNamed } from './message-charset.ts';
import type { MessageCharset } from './message-charset.ts';
import { type Hl7Message, parseMessage } from './parse-message.ts';

const fallback = charsetNamed('iso-8859-1') as MessageCharset;
const parse = (text: string | Buffer): Hl7Message =>
  parseMessage(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, fallback);
const header = (charset = '') => `MSH|^~\\&|RIS|HOSP|||20260102||ORM^O01|1|P|2.5||||||${charset}`;
const fieldOf = (message: Hl7Message, name: string, n: number) =>
  message.segments.find((segment) => segment.name === name)?.field(n);

describe('a message on hl7-standard', () => {
  it('reads segments, fields, repetitions, components and sub-components', () => {
    const message = parse(`${header()}\rPID|1||A^^^X&1.2&ISO~B\rOBR|1\rOBR|2||x&y`);
    expect(message.type).toEqual({ code: 'ORM', event: 'O01' });
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'PID', 'OBR', 'OBR']);
    expect(fieldOf(message, 'PID', 3)).toEqual([[['A'], [''], [''], ['X', '1.2', 'ISO']], [['B']]]);
    expect(message.segments[3]?.field(3)).toEqual([[['x', 'y']]]);
    expect(message.segments[2]?.field(40)).toEqual([]);
    expect(message.segments[1]?.field(2)).toEqual([]);
  });

  it.each([
    ['\r', 'CR'],
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
    ['\r\r\n  ', 'blank lines and leading blanks'],
  ])('takes %j between segments: %s', (lineEnd) => {
    const message = parse([header(), 'PID|||7', 'OBR|1'].join(lineEnd));
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'PID', 'OBR']);
    expect(fieldOf(message, 'PID', 3)).toEqual([[['7']]]);
  });

  it('reads a message of one line, without any line end', () => {
    expect(parse(header()).segments.map(({ name }) => name)).toEqual(['MSH']);
  });

  it('takes names in lower case, and segments without any field', () => {
    expect(parse(`${header()}\rpid|||7\rORC`).segments.map(({ name }) => name)).toEqual([
      'MSH',
      'PID',
      'ORC',
    ]);
  });

  it('keeps a line break within a value, whatever stands most often in the message', () => {
    const message = parse(`${header()}\rPID|||7||Two \nlines\nand\nmore^X\rOBR|1`);
    expect(fieldOf(message, 'PID', 5)).toEqual([[['Two \nlines\nand\nmore'], ['X']]]);
  });

  it('splits by the separators that MSH names, and by no others', () => {
    const message = parse('MSH$%*@!$RIS$HOSP$$$20260102$$ORM%O01$1$P$2.5\rPID$$$A|B^C~D&E%x!y*2');
    expect(message.type).toEqual({ code: 'ORM', event: 'O01' });
    expect(fieldOf(message, 'PID', 3)).toEqual([[['A|B^C~D&E'], ['x', 'y']], [['2']]]);
  });

  it('counts the fields of MSH as the standard does, and a field 0 as none', () => {
    const message = parse(`${header()}\rPID|||7^8`);
    expect([0, 1, 2, 3, 9, 12].map((n) => fieldOf(message, 'MSH', n))).toEqual([
      [],
      [],
      [[['^~\\&']]],
      [[['RIS']]],
      [[['ORM'], ['O01']]],
      [[['2.5']]],
    ]);
    expect(fieldOf(message, 'PID', 0)).toEqual([]);
  });

  it('gives each field its own value, whichever of them have parts', () => {
    const message = parse(`${header()}\rOBX|1|a^b|c||d&e|f~g|h\rOBX|2|i|j^k|`);
    const [, one, other] = message.segments;
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((n) => one?.field(n))).toEqual([
      [[['1']]],
      [[['a'], ['b']]],
      [[['c']]],
      [],
      [[['d', 'e']]],
      [[['f']], [['g']]],
      [[['h']]],
      [],
    ]);
    expect([1, 2, 3, 4].map((n) => other?.field(n))).toEqual([[[['2']]], [[['i']]], [[['j'], ['k']]], []]);
  });

  it.each([
    ['before all orders', '', []],
    ['between two orders', 'PID|1||7^^^HOSP||A^B\rORC|NW|P1^RIS\rOBR|1|P1^RIS\r', ['PID', 'ORC', 'OBR']],
  ])('gives no field what free text with line breaks holds, %s', (_, before, namesBefore) => {
    const text = 'NTE|1||Frage:\rLWS\rProlaps L4 & L5?';
    const after = 'PID|2||8^^^CLINIC||C^D\rORC|XO|P2^RIS\rOBR|2|P2^RIS';
    const message = parse(`${header()}\r${before}${text}\rZDS|1.2.3^App^Application^DICOM\r${after}`);
    const last = (name: string, n: number) =>
      message.segments.findLast((segment) => segment.name === name)?.field(n);
    expect(message.segments.map(({ name }) => name)).toEqual([
      ...['MSH', ...namesBefore, 'NTE', 'LWS', 'ZDS', 'PID', 'ORC', 'OBR'],
    ]);
    expect(last('NTE', 3)).toEqual([[['Frage:']]]);
    expect(last('ZDS', 1)).toEqual([[['1.2.3'], ['App'], ['Application'], ['DICOM']]]);
    expect([last('PID', 3), last('PID', 5)]).toEqual([[[['8'], [''], [''], ['CLINIC']]], [[['C'], ['D']]]]);
    expect([last('ORC', 2), last('OBR', 2)]).toEqual(Array(2).fill([[['P2'], ['RIS']]]));
  });

  it('exchanges separators that are those of others', () => {
    const message = parse('MSH^|~\\&^RIS^^^^^^ORM|O01^1^P^2.5\rPID^^^A|B');
    expect(fieldOf(message, 'PID', 3)).toEqual([[['A'], ['B']]]);
  });

  it('knows the truncation character of 2.7, and the escape that somebody escaped', () => {
    expect(parse('MSH|^~\\&#|A\rPID|||1\\P\\').segments[1]?.field(3)).toEqual([[['1#']]]);
    expect(parse('MSH|^~\\\\&|A\rPID|||1&2').segments[1]?.field(3)).toEqual([[['1', '2']]]);
  });

  it('puts in what escape sequences stand for, once, after splitting', () => {
    const value = 'a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\E\\T\\E\\';
    const message = parse(
      `${header()}\rNTE|1||${value}\rNTE|2||x\\.br\\y\\H\\z\\N\\\\Zab\\!\\X0D41\\\\.sp2\\|`,
    );
    expect(fieldOf(message, 'NTE', 3)).toEqual([[['a|b^c&d~e\\f\\T\\']]]);
    expect(message.segments[2]?.field(3)).toEqual([[['x\nyz!A\n\n']]]);
  });

  it('leaves a backslash that begins no sequence', () => {
    expect(parse(`${header()}\rNTE|1||C:\\temp\\new\\F\\`).segments[1]?.field(3)).toEqual([
      [['C:\\temp\\new|']],
    ]);
  });

  it('reads hexadecimal escapes in the character set of the message', () => {
    expect(parse(`${header('8859/5')}\rNTE|1||\\XB8D2\\`).segments[1]?.field(3)).toEqual([[['Ив']]]);
  });

  it.each([
    ['MSH', 'HL7_REQUIRED_FIELD_MISSING'],
    ['MSH|????|A', 'HL7_REQUIRED_FIELD_MISSING'],
    ['MSH](^~\\&|A', 'HL7_REQUIRED_FIELD_MISSING'],
    ['MSHA^~\\&A', 'HL7_REQUIRED_FIELD_MISSING'],
    ['PID|1', 'HL7_SEGMENT_SEQUENCE'],
    ['', 'HL7_SEGMENT_SEQUENCE'],
  ])('refuses %j with %s', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what would take more memory than it is worth, and reads ten megabytes of text', () => {
    expect(() => parse(`${header()}\rOBX|${'|'.repeat(1_000_000)}`)).toThrow(
      expect.objectContaining({ code: 'HL7_DATA_TYPE' }),
    );
    const names = Array.from(
      { length: 600 },
      (_, n) => `Z${n.toString(36).toUpperCase().padStart(2, '0')}|x`,
    );
    expect(() => parse([header(), ...names].join('\r'))).toThrow(
      expect.objectContaining({ code: 'HL7_SEGMENT_SEQUENCE' }),
    );
    expect(
      fieldOf(parse(`${header()}\rNTE|1||${'x'.repeat(10_000_000)}`), 'NTE', 3)?.[0]?.[0]?.[0],
    ).toHaveLength(10_000_000);
  });
});

describe('the character set, which comes before the separators', () => {
  const name = (charset: string, bytes: Buffer) =>
    parse(Buffer.concat([Buffer.from(`${header(charset)}\rPID|||7||`), bytes, Buffer.from('^X\rOBR|1')]));

  it.each([
    ['8859/1', 'iso-8859-1', 'Müller', ['ISO_IR 100']],
    ['8859/2', 'iso-8859-2', 'Łódź', ['ISO_IR 101']],
    ['8859/3', 'iso-8859-3', 'Ħal', ['ISO_IR 109']],
    ['8859/4', 'iso-8859-4', 'Ķēniņš', ['ISO_IR 110']],
    ['8859/5', 'iso-8859-5', 'Иванов', ['ISO_IR 144']],
    ['8859/6', 'iso-8859-6', 'قباني', ['ISO_IR 127']],
    ['8859/7', 'iso-8859-7', 'Διονυσιος', ['ISO_IR 126']],
    ['8859/8', 'iso-8859-8', 'שרון', ['ISO_IR 138']],
    ['8859/9', 'iso-8859-9', 'Işık', ['ISO_IR 148']],
    ['8859/15', 'iso-8859-15', 'Cœur €', ['ISO_IR 192']],
    ['UNICODE UTF-8', 'utf-8', 'Ærøskøbing 山', ['ISO_IR 192']],
    ['UTF8', 'utf-8', 'é', ['ISO_IR 192']],
    // As somebody has left it who converted the text before.
    ['UTF8', 'utf-8', 'Müller \uFFFD', ['ISO_IR 192']],
    ['GB 18030-2000', 'gb18030', '王小东', ['GB18030']],
    ['KS X 1001', 'euc-kr', '홍길동', ['', 'ISO 2022 IR 149']],
    ['BIG-5', 'big5', '功能許', []],
    ['WINDOWS-1251', 'windows-1251', 'Щука', []],
    ['CP1250', 'windows-1250', 'Žižka', []],
  ])('reads %s', (charset, codec, text, terms) => {
    const message = name(charset, iconv.encode(text, codec));
    expect(fieldOf(message, 'PID', 5)).toEqual([[[text], ['X']]]);
    expect(message.charset.dicomTerms).toEqual(terms);
    expect(message.isCharsetAsDeclared).toBe(true);
  });

  it('does not take the second byte of a Big5 or GB18030 character for a separator', () => {
    // U+8A31 in Big5 is B3 5C: its second byte is the escape character; U+4E5A in GB18030 is 81 7C: the field separator.
    const big5 = iconv.encode('許', 'big5');
    expect(big5[1]).toBe(0x5c);
    expect(fieldOf(name('BIG-5', big5), 'PID', 5)).toEqual([[['許'], ['X']]]);
    const pipe = iconv.decode(Buffer.of(0x81, 0x7c), 'gb18030');
    expect(fieldOf(name('GB 18030-2000', Buffer.of(0x81, 0x7c)), 'PID', 5)).toEqual([[[pipe], ['X']]]);
  });

  it('reads ISO 2022 with bytes that look like separators, and its half-width forms', () => {
    // JIS X 0208 3B33 4544 = 山田; 3B7C is a kanji whose second byte is the field separator.
    const kanji = Buffer.from('\x1b$B;3ED;|\x1b(B', 'latin1');
    const message = name('~ISO IR87', kanji);
    expect(fieldOf(message, 'PID', 5)).toEqual([
      [[`山田${iconv.decode(Buffer.of(0xbb, 0xfc), 'euc-jp')}`], ['X']],
    ]);
    expect(message.charset.dicomTerms).toEqual(['', 'ISO 2022 IR 87']);
    const halfWidth = name('ISO IR14~ISO IR87', Buffer.from('\xd4\xcf\xc0\xde', 'latin1'));
    expect(fieldOf(halfWidth, 'PID', 5)?.[0]?.[0]).toEqual(['ﾔﾏﾀﾞ']);
    expect(halfWidth.charset.dicomTerms).toEqual(['ISO 2022 IR 13', 'ISO 2022 IR 87']);
    expect(name('ISO IR14', Buffer.of(0xd4)).charset.dicomTerms).toEqual(['ISO_IR 13']);
    expect(name('ASCII~ISO IR159', kanji).charset.dicomTerms).toEqual(['', 'ISO 2022 IR 159']);
  });

  it('takes bytes for UTF-8, else for the fallback, where MSH-18 says nothing', () => {
    for (const charset of ['', 'ASCII', 'ISO IR6', 'X-UNKNOWN']) {
      expect(fieldOf(name(charset, Buffer.from('Müller', 'utf8')), 'PID', 5)?.[0]?.[0]).toEqual(['Müller']);
      expect(fieldOf(name(charset, Buffer.from('Müller', 'latin1')), 'PID', 5)?.[0]?.[0]).toEqual(['Müller']);
    }
  });

  it('falls back, and says so, where the bytes are not what MSH-18 says', () => {
    const message = name('UNICODE UTF-8', Buffer.from('Müller', 'latin1'));
    expect(fieldOf(message, 'PID', 5)?.[0]?.[0]).toEqual(['Müller']);
    expect(message.isCharsetAsDeclared).toBe(false);
  });
});
