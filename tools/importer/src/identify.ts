import { asFailure } from '@orthanc-tools/failures';
import { hasPart10Prefix, orthancIds, readHeader } from '@orthanc-tools/dicom-files';
import { patientIdentity, saysNothing } from '@orthanc-tools/copy-proof';

/** How Orthanc will know an instance. */
export interface Identity {
  readonly id: string;
  readonly studyId: string;
  readonly sopInstanceUid: string;
  /** Orthanc's identifier of the patient; undefined where there is no PatientID: then nothing ties images to one person. */
  readonly patientId: string | undefined;
  /** See `patientIdentity`; undefined where the header says nothing of name and birth date. */
  readonly person: string | undefined;
}

const known = new WeakMap<Buffer, { readonly identity: Identity | undefined }>();

/** From the beginning of a file; undefined where that does not tell: then what Orthanc answers counts. */
export function identify(head: Buffer): Identity | undefined {
  const before = known.get(head);
  if (before !== undefined) return before.identity;
  const identity = readIdentity(head);
  known.set(head, { identity });
  return identity;
}

function readIdentity(head: Buffer): Identity | undefined {
  try {
    return identityIn(readHeader(withPrefix(head)));
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}

const prefix = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);

/** A file without preamble that begins with its meta group is otherwise a file like any. */
const withPrefix = (head: Buffer): Buffer =>
  !hasPart10Prefix(head) && head.length >= 2 && head.readUInt16LE(0) === 2
    ? Buffer.concat([prefix, head])
    : head;

function identityIn({ identifiers, patient }: ReturnType<typeof readHeader>): Identity {
  const ids = orthancIds(identifiers);
  const person = patientIdentity(patient);
  return {
    id: ids.instance,
    studyId: ids.study,
    sopInstanceUid: identifiers.sopInstanceUid,
    patientId: identifiers.patientId.trim() === '' ? undefined : ids.patient,
    person: saysNothing(person) ? undefined : person,
  };
}
