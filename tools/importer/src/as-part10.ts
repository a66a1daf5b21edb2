import { hasPart10Prefix, transferSyntaxes } from '@orthanc-tools/dicom-files';
import { isExplicitAt } from './recognize.ts';

const prefix = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);

/**
 * Of what begins without the preamble, or without the meta group too, the same with them: the data set tells by itself how
 * it is written. Orthanc takes all of these.
 */
export function asPart10(head: Buffer): Buffer {
  const rest = hasPart10Prefix(head) ? head.subarray(prefix.length) : head;
  const group = rest.length < 2 ? undefined : rest.readUInt16LE(0);
  if (group === 8) return Buffer.concat([prefix, transferSyntaxOf(rest), rest]);
  return group === 2 && rest === head ? Buffer.concat([prefix, head]) : head;
}

function transferSyntaxOf(dataSet: Buffer): Buffer {
  const { explicitLittleEndian, implicitLittleEndian } = transferSyntaxes;
  const uid = isExplicitAt(dataSet, 0) ? explicitLittleEndian : implicitLittleEndian;
  const value = Buffer.from(uid.padEnd(uid.length + (uid.length % 2), '\0'));
  return Buffer.concat([
    Buffer.from([2, 0, 0x10, 0]),
    Buffer.from('UI'),
    Buffer.from([value.length, 0]),
    value,
  ]);
}
