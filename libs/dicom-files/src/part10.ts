import { deflateSync } from 'fflate';
import { tags, textOf } from './data-set.ts';
import type { DataSet } from './data-set.ts';
import { encodeDataSet } from './encode-data-set.ts';
import { layoutOf, transferSyntaxes } from './transfer-syntaxes.ts';
import { derivedUidLength } from './uids.ts';

/** Names this writer in every file's meta group; a UUID of its own, never derived anew. */
const implementationClassUid = '2.25.185040636021231736873489304280444478001';
const implementationVersionName = 'ORTHANC_TOOLS_1';
const metaLayout = { explicitVr: true, bigEndian: false };

/** What the meta group says the file is, where the data set itself has no such attributes. */
export interface FileIdentity {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

const identityIn = (dataSet: DataSet): FileIdentity => ({
  sopClassUid: textOf(dataSet, tags.sopClassUid)[0] ?? '',
  sopInstanceUid: textOf(dataSet, tags.sopInstanceUid)[0] ?? '',
});

/** Preamble, prefix and file meta group (PS3.10 section 7.1). */
export const encodeFileMeta = (
  dataSet: DataSet,
  transferSyntaxUid: string,
  identity: FileIdentity = identityIn(dataSet),
): Buffer => {
  const meta = encodeDataSet(
    [
      { tag: 0x00020001, vr: 'OB', bytes: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: 'UI', text: [identity.sopClassUid] },
      { tag: tags.mediaStorageSopInstanceUid, vr: 'UI', text: [identity.sopInstanceUid] },
      { tag: tags.transferSyntaxUid, vr: 'UI', text: [transferSyntaxUid] },
      { tag: 0x00020012, vr: 'UI', text: [implementationClassUid] },
      { tag: 0x00020013, vr: 'SH', text: [implementationVersionName] },
    ],
    metaLayout,
  );
  const length = encodeDataSet([{ tag: 0x00020000, vr: 'UL', numbers: [meta.length] }], metaLayout);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta]);
};

/**
 * Joins meta group and data set; the deflated transfer syntax compresses the latter.
 * With fflate rather than zlib, whose output depends on the processor: the same input gives the same bytes everywhere.
 */
export const sealFile = (meta: Buffer, body: Buffer, transferSyntaxUid: string): Buffer => {
  if (transferSyntaxUid !== transferSyntaxes.deflatedExplicitLittleEndian) return Buffer.concat([meta, body]);
  const deflated = deflateSync(body);
  return Buffer.concat([meta, deflated, Buffer.alloc(deflated.length % 2)]);
};

/** A whole file. Pixel data of an encapsulated transfer syntax has to be given as fragments. */
export const encodePart10 = (
  dataSet: DataSet,
  transferSyntaxUid: string = transferSyntaxes.explicitLittleEndian,
): Buffer =>
  sealFile(
    encodeFileMeta(dataSet, transferSyntaxUid),
    encodeDataSet(dataSet, layoutOf(transferSyntaxUid)),
    transferSyntaxUid,
  );

/** MediaStorageSOPClassUID of worklist files, as DCMTK's examples have it; it stands for no class of the standard. */
const worklistFileClassUid = '1.2.276.0.7230010.3.1.0.1';

interface MetaAround {
  readonly before: Buffer;
  readonly behind: Buffer;
}

let worklistMeta: MetaAround | undefined;

/** The meta group of worklists but for the UID: all of them have the same. */
function metaAround(): MetaAround {
  const uid = '1'.repeat(derivedUidLength);
  const identity = { sopClassUid: worklistFileClassUid, sopInstanceUid: uid };
  const meta = encodeFileMeta([], transferSyntaxes.explicitLittleEndian, identity);
  const at = meta.indexOf(uid);
  return { before: meta.subarray(0, at), behind: meta.subarray(at + uid.length) };
}

/**
 * A worklist (`.wl`) as DCMTK's wlmscpfs and Orthanc's plugins read it. The data set needs no SOP class and instance.
 * @param sopInstanceUid as `uidFromHash` makes them
 */
export const encodeWorklistFile = (dataSet: DataSet, sopInstanceUid: string): Buffer => {
  if (sopInstanceUid.length !== derivedUidLength) throw new TypeError('not a UID of uidFromHash');
  const { before, behind } = (worklistMeta ??= metaAround());
  const body = encodeDataSet(dataSet, layoutOf(transferSyntaxes.explicitLittleEndian));
  return Buffer.concat([before, Buffer.from(sopInstanceUid, 'latin1'), behind, body]);
};
