import { asFailure } from '@orthanc-tools/failures';
import { orthancIds, readHeader } from '@orthanc-tools/dicom-files';
import { patientIdentity, saysNothing } from '@orthanc-tools/copy-proof';
import { asPart10 } from './as-part10.ts';

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

/** What a beginning tells. */
interface Reading {
  readonly identity: Identity | undefined;
  /** The header may go on behind it. */
  readonly mayGoOn: boolean;
}

const known = new WeakMap<Buffer, Reading>();

/** From the beginning of a file; undefined where that does not tell: then what Orthanc answers counts. */
export const identify = (head: Buffer): Identity | undefined => readingOf(head).identity;

function readingOf(head: Buffer): Reading {
  const before = known.get(head);
  if (before !== undefined) return before;
  const reading = readIdentity(head);
  known.set(head, reading);
  return reading;
}

/** No header that was ever seen reaches further (bytes). */
const furthest = 4 * 1024 * 1024;

let others: Promise<unknown> = Promise.resolve();

/**
 * Where a beginning does not reach as far as the identifiers, `readTo` reads more of the file for them, 4 MB at most;
 * `identify` then knows of the beginning what was found. Only one is held at a time, and none is kept.
 */
export async function identifyFurther(
  head: Buffer,
  { size, readTo }: { readonly size: number; readTo(length: number): Promise<Buffer> },
): Promise<void> {
  if (!readingOf(head).mayGoOn) return;
  const end = Math.min(size, furthest);
  const mine = others.then(async () => {
    for (let length = head.length; length < end && readingOf(head).mayGoOn;) {
      length = Math.min(end, length * 4);
      known.set(head, readIdentity(await readTo(length)));
    }
  });
  others = mine.catch(() => undefined);
  await mine;
}

function readIdentity(head: Buffer): Reading {
  try {
    return { identity: identityIn(readHeader(asPart10(head))), mayGoOn: false };
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    return { identity: undefined, mayGoOn: failure.code === 'DICOM_UNREADABLE' };
  }
}

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
