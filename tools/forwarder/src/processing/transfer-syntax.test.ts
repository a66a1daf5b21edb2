import { describe, expect, it } from '@jest/globals';
import { faultOfTransferSyntax, isEncapsulated, missingPlugin } from './transfer-syntax.ts';

const jpeg2000 = '1.2.840.10008.1.2.4.90';

describe('a transfer syntax to send on in', () => {
  it.each(['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.70', jpeg2000, '1.2.840.10008.1.2.5'])(
    '%s can be written without a loss',
    (uid) => {
      expect(faultOfTransferSyntax(uid)).toBeUndefined();
    },
  );

  it.each([
    ['1.2.840.10008.1.2.4.50', 'loses a part of the image'],
    ['1.2.840.10008.1.2.4.80', 'is JPEG-LS'],
    ['1.2.840.10008.1.2.4.201', 'is no transfer syntax that Orthanc can write without a loss (it can: 1.2.'],
    ['1.2.3', 'is no transfer syntax'],
  ])('%s is refused: it %s', (uid, why) => {
    expect(faultOfTransferSyntax(uid)).toContain(why);
  });

  it('may take a plugin', () => {
    expect(missingPlugin(jpeg2000, ['dicom-web'])).toBe('gdcm');
    expect(missingPlugin(jpeg2000, ['dicom-web', 'gdcm'])).toBeUndefined();
    expect(missingPlugin('1.2.840.10008.1.2.4.70', [])).toBeUndefined();
  });

  it('is compressed or not', () => {
    expect([isEncapsulated('1.2.840.10008.1.2.1.99'), isEncapsulated(jpeg2000)]).toEqual([false, true]);
  });
});
