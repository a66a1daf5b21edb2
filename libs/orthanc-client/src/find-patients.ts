import { metadataIn } from './belongings.ts';
import { type Asking, type Found, findLevel, parseOwn } from './find-level.ts';
import { identifier, list, optionalFlag } from './json-fields.ts';
import { attachmentsOf } from './read-attachments.ts';
import type { StudyHead, StudyPatient } from './studies.ts';

/** What means nothing but itself in a list of a query. */
const plainId = /^[^*?\\]+$/;

export interface FoundPatient extends Found {
  readonly studyIds: readonly string[];
}

export const isPlainId = (patientId: string | undefined): patientId is string =>
  patientId !== undefined && plainId.test(patientId);

/** Those whom a query can name are asked for together, the others by their studies. */
export async function patientsOfStudies(
  heads: readonly StudyHead[],
  asking: Asking,
): Promise<readonly FoundPatient[]> {
  const canAsk = ({ patient }: StudyHead) =>
    asking.hasExtendedFind && isPlainId(patient?.patientId) ? 'together' : 'alone';
  const { together = [], alone = [] } = Object.groupBy(heads, canAsk);
  const patients = new Map(together.flatMap(({ patient }) => (patient ? [[patient.id, patient]] : [])));
  const named = await findPatients([...patients.values()], asking);
  // A query may miss what Orthanc has written in another way among its identifiers.
  const found = new Set(named.map(({ id }) => id));
  const missed = together.filter(({ patient }) => !found.has(patient?.id ?? ''));
  const unnamed = await patientsByStudies([...alone, ...missed], asking);
  return [...named, ...unnamed.filter(({ id }) => !found.has(id))];
}

async function findPatients(patients: readonly StudyPatient[], asking: Asking): Promise<FoundPatient[]> {
  if (patients.length === 0) return [];
  const query = { PatientID: [...new Set(patients.map(({ patientId }) => patientId))].join('\\') };
  const expected = patients.map(({ id }) => id);
  const own = parseOwn('Patient', asking.names);
  const more = ['Children', ...(asking.findsProtection ? ['IsProtected'] : [])];
  const found = await findLevel('Patient', { query, expected, more }, asking, (from) => ({
    ...own(from),
    studyIds: list(from['Studies'] ?? [], '"Studies"', identifier),
    told: optionalFlag(from, 'IsProtected'),
  }));
  return withProtection(found, asking);
}

type Told<Patient> = Patient & { readonly told: boolean | undefined };

/** Where it was not told whether they are protected, nothing but a route of its own tells it. */
async function withProtection(
  patients: readonly Told<FoundPatient>[],
  { protection: askProtection, signal }: Asking,
): Promise<FoundPatient[]> {
  const untold = patients.flatMap(({ id, told }) => (told === undefined ? [id] : []));
  const protection = await askProtection(untold, signal);
  return patients.map(({ told, ...patient }) => ({
    ...patient,
    isProtected: told ?? protection.get(patient.id) ?? false,
  }));
}

async function patientsByStudies(heads: readonly StudyHead[], asking: Asking): Promise<FoundPatient[]> {
  if (heads.length === 0) return [];
  const { resources, names, ask, signal } = asking;
  const facts = await resources.facts(
    'Patient',
    heads.map(({ id }) => id),
    signal,
  );
  const found = await Promise.all(
    facts.map(async ({ id, childIds, labels, metadata, isProtected }): Promise<Told<FoundPatient>> => {
      const attachments = await attachmentsOf(ask, { level: 'Patient', id }, signal);
      const own = { labels, metadata: metadataIn({ Metadata: metadata }, names), attachments };
      return {
        level: 'Patient',
        id,
        parentId: undefined,
        studyIds: childIds,
        ...own,
        told: isProtected,
      };
    }),
  );
  return withProtection(found, asking);
}
