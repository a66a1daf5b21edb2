import { describe, expect, it } from '@jest/globals';
import { loadDictionary } from './dictionary.ts';
import { encapsulate } from './encode-data-set.ts';
import { part10Template } from './part10-template.ts';
import { encodePart10 } from './part10.ts';
import { toDataSet } from './to-data-set.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';

const dictionary = await loadDictionary();
const fixed = {
  SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
  PatientName: 'Yamada^Tarou=山田^太郎',
  Modality: 'OT',
  RequestedProcedureCodeSequence: [{ CodeValue: 'A1' }],
};
const slots = [
  { tag: 0x00080018, vr: 'UI', width: 8 },
  { tag: 0x00200013, vr: 'IS', width: 4 },
];
const pixels = { vr: 'OW', length: 4, fill: (target: Buffer) => target.set([1, 2, 3, 4]) } as const;
const templateFor = (transferSyntaxUid: string) =>
  part10Template({ dataSet: toDataSet(fixed, dictionary), transferSyntaxUid, slots });

describe('a stamped file', () => {
  it.each([
    transferSyntaxes.explicitLittleEndian,
    transferSyntaxes.implicitLittleEndian,
    transferSyntaxes.deflatedExplicitLittleEndian,
  ])('is the file that would have been encoded from scratch, in %s', (uid) => {
    const template = templateFor(uid);
    for (const [instance, number] of [
      ['1.2.3.44', '7   '],
      ['1.2.3.45', '1234'],
    ] as const) {
      const whole = {
        ...fixed,
        SOPInstanceUID: instance,
        InstanceNumber: number,
        PixelData: Uint8Array.of(1, 2, 3, 4),
      };
      expect(template.stamp([instance, number], pixels)).toEqual(
        encodePart10(toDataSet(whole, dictionary), uid),
      );
    }
  });

  it('carries encapsulated pixel data', () => {
    const value = encapsulate([Uint8Array.of(9, 9)]);
    const whole = toDataSet({ ...fixed, SOPInstanceUID: '1.2.3.44', InstanceNumber: '1   ' }, dictionary);
    const expected = encodePart10(
      [...whole, { tag: 0x7fe00010, vr: 'OB', fragments: [Uint8Array.of(9, 9)] }],
      transferSyntaxes.rleLossless,
    );
    const fill = (target: Buffer) => value.copy(target);
    expect(
      templateFor(transferSyntaxes.rleLossless).stamp(['1.2.3.44', '1'], {
        vr: 'OB',
        length: value.length,
        fill,
      }),
    ).toEqual(expected);
  });

  it('has no trace of the one before', () => {
    const template = templateFor(transferSyntaxes.explicitLittleEndian);
    const fresh = template.stamp(['1.2.3.4', '1'], pixels);
    template.stamp(['1.2.3.44', '1234'], pixels);
    expect(template.stamp(['1.2.3.4', '1'], pixels)).toEqual(fresh);
  });
});

it('refuses a value that is longer than its slot', () => {
  expect(() => templateFor(transferSyntaxes.explicitLittleEndian).stamp(['1.2.3.444', '1'])).toThrow(
    RangeError,
  );
});
