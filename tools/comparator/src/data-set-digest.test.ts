import { encodePart10, transferSyntaxes } from '@orthanc-tools/dicom-files';
import { describe, expect, it } from '@jest/globals';
import { dataSetDigest } from './data-set-digest.ts';

type DataSet = Parameters<typeof encodePart10>[0];

const text = (tag: number, vr: string, ...values: readonly string[]) => ({ tag, vr, text: values });

const dataSet = (more: Partial<Record<'name' | 'number', string>> & { isOpen?: boolean } = {}): DataSet => [
  text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
  text(0x00080018, 'UI', '1.2.3'),
  {
    tag: 0x00081140,
    vr: 'SQ',
    items: [[text(0x00081150, 'UI', '1.2.4'), text(0x00081155, 'UI', '1.2.5')]],
    undefinedLength: more.isOpen === true,
  },
  text(0x00100010, 'PN', more.name ?? 'DOE^JANE'),
  text(0x00200013, 'IS', more.number ?? '1'),
  { tag: 0x7fe00010, vr: 'OW', bytes: Uint8Array.of(1, 2, 3, 0x20) },
];

describe('the digest of a data set', () => {
  const usual = dataSetDigest(encodePart10(dataSet()));

  it.each([
    ['padding', dataSet({ number: '1     ' })],
    ['leading blanks of a number', dataSet({ number: '  1' })],
    ['sequences that end with a mark', dataSet({ isOpen: true })],
  ])('does not depend on %s', (_, other) => {
    expect(dataSetDigest(encodePart10(other))).toBe(usual);
  });

  it('does not depend on the head of the file', () => {
    const file = encodePart10(dataSet());
    file.write('ANOTHER_WRITER', file.indexOf('ORTHANC_TOOLS_1'));
    expect(dataSetDigest(file)).toBe(usual);
  });

  it.each([
    ['explicit', transferSyntaxes.explicitLittleEndian],
    ['implicit', transferSyntaxes.implicitLittleEndian],
  ])('does not depend on preamble, prefix and meta group: %s', (_, transferSyntax) => {
    const file = encodePart10(dataSet(), transferSyntax);
    const whole = dataSetDigest(file);
    const bare = file.subarray(144 + file.readUInt32LE(140));
    expect(dataSetDigest(bare)).toBe(whole);
    expect(dataSetDigest(file.subarray(132))).toBe(whole);
    bare[bare.length - 1] = 0x21;
    expect(dataSetDigest(bare)).not.toBe(whole);
  });

  it('does not depend on a group length in the head, nor on trailing padding', () => {
    const file = encodePart10(dataSet());
    const withoutLength = Buffer.concat([file.subarray(0, 132), file.subarray(144)]);
    expect(dataSetDigest(withoutLength)).toBe(usual);
    const padding = { tag: 0xfffcfffc, vr: 'OB', bytes: new Uint8Array(64) };
    expect(dataSetDigest(encodePart10([...dataSet(), padding]))).toBe(usual);
  });

  it.each([
    ['a name', encodePart10(dataSet({ name: 'DOE^JOHN' }))],
    ['a number', encodePart10(dataSet({ number: '2' }))],
    ['the transfer syntax', encodePart10(dataSet(), transferSyntaxes.implicitLittleEndian)],
  ])('depends on %s', (_, file) => {
    expect(dataSetDigest(file)).not.toBe(usual);
  });

  it('depends on each pixel', () => {
    const file = encodePart10(dataSet());
    file[file.length - 1] = 0x21;
    expect(dataSetDigest(file)).not.toBe(usual);
  });

  it('of what is cut off, or no DICOM, is that of its bytes', () => {
    const file = encodePart10(dataSet());
    const cut = file.subarray(0, file.length - 2);
    expect(dataSetDigest(cut)).not.toBe(usual);
    expect(dataSetDigest(cut)).toBe(dataSetDigest(Buffer.from(cut)));
    expect(dataSetDigest(Buffer.from('no DICOM'))).not.toBe(dataSetDigest(Buffer.from('nor this')));
  });
});
