import { differingIdentities, patientIdentity } from '@orthanc-tools/copy-proof';
import { asFailure } from '@orthanc-tools/failures';
import { type Person, patientsAt, patientsAtModality } from './receiver.ts';
import type { DescribedStudy, StudyContext } from './study-context.ts';

export const identityConflict = 'IDENTITY_CONFLICT';

/**
 * In what the destination knows the patient otherwise than the source does: the same PatientID with another name or birth
 * date. Nothing where nobody can be asked. The images are migrated in any case: whom they belong to, a person decides.
 */
export async function judgeIdentity(
  { patientId, patientName, birthDate }: DescribedStudy,
  context: StudyContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (patientId === '') return [];
  try {
    const known = await patientsThere(patientId, context, signal);
    const isByRest = context.source === undefined && context.receiver?.isByRest === true;
    const identityOf = (person: Person) => patientIdentity(isByRest ? person : asAnyFindTells(person));
    const here = identityOf({ name: patientName, birthDate });
    return differingIdentities([here, ...known.map(identityOf)]);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    context.log.warn('patient.not_compared', { code: failure.code });
    return [];
  }
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
  const alias = source?.arrival.alias;
  if (alias !== undefined) return patientsAtModality(orthanc, alias, { patientId, signal });
  return source?.arrivalAet === undefined ? patientsAt(orthanc, patientId, signal) : [];
}
