import type { Check } from './examine-server.ts';
import { entriesOf } from './finding.ts';

/** The transfer syntaxes in which archives keep images (DICOM PS3.5, annex A); Orthanc accepts all of them unless told otherwise. */
const usualSyntaxes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': 'implicit little endian',
  '1.2.840.10008.1.2.1': 'explicit little endian',
  '1.2.840.10008.1.2.1.99': 'deflated',
  '1.2.840.10008.1.2.2': 'explicit big endian',
  '1.2.840.10008.1.2.4.50': 'JPEG baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG extended',
  '1.2.840.10008.1.2.4.57': 'JPEG lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG lossless (first order)',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS lossless',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.100': 'MPEG-2',
  '1.2.840.10008.1.2.4.102': 'MPEG-4',
  '1.2.840.10008.1.2.5': 'RLE',
};

/** In which transfer syntaxes Orthanc takes images from others, who send another one, or nothing, where it refuses theirs. */
export const acceptedTransferSyntaxes = (remedy: string): Check => ({
  name: 'transfer syntaxes',
  async look({ orthanc, find }) {
    const check = 'transfer syntaxes';
    const answer = await orthanc.call({ method: 'GET', path: '/tools/accepted-transfer-syntaxes' });
    const accepted = new Set(entriesOf(answer));
    const refused = Object.entries(usualSyntaxes).filter(([uid]) => !accepted.has(uid));
    if (refused.length === 0)
      return find(check, 'ok', `${String(accepted.size)} accepted, the usual ones among them`);
    const names = refused.map(([, name]) => name).join(', ');
    return find(check, 'warning', `refused: ${names}`, remedy);
  },
});
