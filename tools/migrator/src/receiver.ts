import { type Witness, askModality, askOrthanc, strengthOnce } from '@orthanc-tools/copy-proof';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { AskedModality } from './fault-of-modality.ts';
import type { Lane } from './lane.ts';
import { bearsId, mayBearId, questionFor } from './patient-id.ts';

/** To whom Orthanc sends what it holds. */
export interface Receiver {
  readonly name: string;
  readonly lane: Lane;
  /** Undefined where it is a peer. */
  readonly modality?: AskedModality;
  /** It is asked by REST, which knows every character; C-FIND does not. */
  readonly isByRest: boolean;
  /** Starts a job; gives its identifier. */
  store(instanceIds: readonly string[], signal: AbortSignal): Promise<string>;
  /** Whom to ask what has arrived; undefined where nobody can be asked. */
  witness(signal: AbortSignal): Promise<Witness | undefined>;
  /** Who is known there under a PatientID: name and birth date, patient data. */
  patients(patientId: string, signal: AbortSignal): Promise<readonly Person[]>;
}

/** As DICOM writes them. */
export interface Person {
  readonly name: string;
  readonly birthDate: string;
}

const patientKeys = { PatientName: '', PatientBirthDate: '' };

const personIn = (tags: Readonly<Record<string, string>>): Person => ({
  name: tags['PatientName'] ?? '',
  birthDate: tags['PatientBirthDate'] ?? '',
});

/** Who is known at an Orthanc under a PatientID. */
export const patientsAt = async (
  orthanc: Orthanc,
  patientId: string,
  signal: AbortSignal,
): Promise<Person[]> =>
  (await orthanc.studies.find({ PatientID: questionFor(patientId), ...patientKeys }, signal))
    .filter((tags) => bearsId(tags, patientId))
    .map(personIn);

/** Who is known at a modality under a PatientID. */
export const patientsAtModality = async (
  orthanc: Orthanc,
  alias: string,
  { patientId, signal }: { readonly patientId: string; readonly signal: AbortSignal },
): Promise<Person[]> => {
  const keys = { PatientID: questionFor(patientId), StudyInstanceUID: '', ...patientKeys };
  const found = await orthanc.modalities.find(alias, { level: 'Study', keys }, signal);
  return found.filter((tags) => mayBearId(tags, patientId)).map(personIn);
};

/** That it can tell nothing is believed for the study alone for which it was asked. */
const believedFor = { firstMs: 0, longestMs: 0 };

function askedOnce(witness: Witness): Receiver['witness'] {
  const strength = strengthOnce((signal) => witness.probe(signal), believedFor);
  return async (signal) => ((await strength(signal)) === 'none' ? undefined : witness);
}

/** A modality of Orthanc, by C-STORE; asked by image-level C-FIND. */
export function modalityReceiver(orthanc: Orthanc, alias: string, lane: Lane): Receiver {
  return {
    name: alias,
    lane,
    modality: { alias, lane },
    isByRest: false,
    store: (ids, signal) => orthanc.modalities.store(alias, ids, { signal }),
    witness: askedOnce(askModality(orthanc, alias)),
    patients: (patientId, signal) => lane(() => patientsAtModality(orthanc, alias, { patientId, signal })),
  };
}

/** A peer of Orthanc; asked through its own REST API where its address is given. */
export function peerReceiver(
  orthanc: Orthanc,
  alias: string,
  { lane, destination }: { readonly lane: Lane; readonly destination: Orthanc | undefined },
): Receiver {
  return {
    name: alias,
    lane,
    isByRest: true,
    store: (ids, signal) => orthanc.peers.store(alias, ids, { signal }),
    witness:
      destination === undefined ? () => Promise.resolve(undefined) : askedOnce(askOrthanc(destination)),
    patients: (patientId, signal) =>
      destination === undefined ? Promise.resolve([]) : patientsAt(destination, patientId, signal),
  };
}
