import { differingIdentities, patientIdentity } from '@orthanc-tools/copy-proof';
import { asFailure } from '@orthanc-tools/failures';
import { bearsId } from './patient-id.ts';
import { type Person, patientsAt, patientsAtModality } from './receiver.ts';
import type { DescribedPatient, DescribedStudy, StudyContext } from './study-context.ts';

export const identityConflict = 'IDENTITY_CONFLICT';

/**
 * In what the destination knows the patient, or one of several who share the study, otherwise than the source does: the
 * same PatientID with another name or birth date, or the study under another PatientID, from which it is not fetched again.
 * Nothing where nobody can be asked. The images are migrated in any case: whom they belong to, a person decides.
 */
export async function judgeIdentity(
  study: DescribedStudy,
  context: StudyContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const patients = patientsOf(study).filter(({ patientId }) => patientId !== '');
  if (patients.length === 0) return [];
  try {
    const differ = new Set<string>();
    if (await liesUnderAnother(study, context, signal)) differ.add('PatientID');
    for (const patient of patients)
      for (const attribute of await judgePatient(patient, context, signal)) differ.add(attribute);
    return [...differ];
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    // Nothing may be deleted before that is known.
    if (context.deleteFromSource) throw error;
    context.log.warn('patient.not_compared', { code: failure.code });
    return [];
  }
}

/** Whoever shares the study. */
export const patientsOf = (study: DescribedStudy): readonly DescribedPatient[] => [
  study,
  ...study.otherPatients,
];

async function judgePatient(
  { patientId, patientName, birthDate }: DescribedPatient,
  context: StudyContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const known = await patientsThere(patientId, context, signal);
  const isByRest = context.source === undefined && context.receiver?.isByRest === true;
  const identityOf = (person: Person) => patientIdentity(isByRest ? person : asAnyFindTells(person));
  const here = identityOf({ name: patientName, birthDate });
  return differingIdentities([here, ...known.map(identityOf)]);
}

/** Whether Orthanc, where a source's images arrive, holds some of the study under another PatientID than the source says. */
async function liesUnderAnother(
  study: DescribedStudy,
  { orthanc, source }: StudyContext,
  signal: AbortSignal,
): Promise<boolean> {
  if (source === undefined || source.arrivalAet !== undefined) return false;
  const keys = { StudyInstanceUID: study.studyInstanceUid, PatientID: '' };
  const found = await orthanc.studies.find(keys, signal);
  return found.some((tags) => !patientsOf(study).some(({ patientId }) => bearsId(tags, patientId)));
}

/**
 * A server answers C-FIND in a character set of its own, and leaves out what that does not know (Orthanc: all but Latin 1,
 * unless configured): of names told so, only the letters that are in every character set can be compared.
 */
function asAnyFindTells({ name, birthDate }: Person): Person {
  const groups = name.split('=').map((group) => (/^[\x20-\x7e]*$/.test(group) ? group : ''));
  return { name: groups.join('='), birthDate };
}

async function patientsThere(patientId: string, context: StudyContext, signal: AbortSignal) {
  const { orthanc, receiver, source } = context;
  if (receiver !== undefined) return receiver.patients(patientId, signal);
  const alias = source?.arrival.modality?.alias;
  if (alias !== undefined) return patientsAtModality(orthanc, alias, { patientId, signal });
  return source?.arrivalAet === undefined ? patientsAt(orthanc, patientId, signal) : [];
}
