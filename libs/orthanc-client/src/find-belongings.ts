import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import {
  type AttachedFile,
  type MetadataNames,
  type ResourceBelongings,
  attachmentsIn,
  firstUserNumber,
  labelsIn,
  metadataIn,
  parseAttached,
} from './belongings.ts';
import { type JsonRecord, filledText, identifier, list, record } from './json-fields.ts';
import { type Level, type Resource, type Resources, pathOf, routeOf } from './resources.ts';
import type { StudyHead } from './studies.ts';

const pageSize = 5000;
/** What means nothing but itself in a list of a query. */
const plainUid = /^[0-9.]+$/;
const plainId = /^[^*?\\]+$/;
const atOnce = 4;

/** How a server is asked. */
export interface Asking {
  readonly ask: Ask;
  readonly resources: Resources;
  readonly names: MetadataNames;
  readonly hasExtendedFind: boolean;
  readonly protection: (patientIds: readonly string[], signal?: AbortSignal) => Promise<Map<string, boolean>>;
  readonly signal: AbortSignal | undefined;
}

interface Found extends ResourceBelongings {
  readonly parentId: string | undefined;
}

/** Resources of a level by `POST /tools/find`, which tells labels, metadata and attachments of all at once. */
async function findLevel(level: Level, where: JsonRecord, { ask, names, signal }: Asking): Promise<Found[]> {
  const found: Found[] = [];
  for (;;) {
    const content = {
      Level: level,
      Query: {},
      ...where,
      ResponseContent: ['Labels', 'Metadata', 'Attachments', 'Parent'],
      Limit: pageSize,
      Since: found.length,
    };
    const question = { method: 'POST', path: '/tools/find', isFixedRoute: true, content, signal } as const;
    const page = await ask(question, (value) =>
      list(value, 'the answer', (entry): Found => {
        const from = record(entry, 'a resource');
        const parentId = filledText(from, 'ParentSeries') ?? filledText(from, 'ParentStudy');
        const about = { level, id: identifier(from['ID']) };
        const own = {
          labels: labelsIn(from),
          metadata: metadataIn(from, names),
          attachments: attachmentsIn(from),
        };
        return { ...about, ...own, parentId: parentId ?? filledText(from, 'ParentPatient') };
      }),
    );
    // A server may tell fewer than it is asked for (`LimitFindResults`): only an empty page is the end.
    if (page.length === 0) return found;
    found.push(...page);
  }
}

/** One by one, for what no query can name, and before ExtendedFind (1.12.5). */
async function askEach(level: Level, ofIds: readonly string[], asking: Asking): Promise<Found[]> {
  const { resources, names, ask, signal } = asking;
  const found: Found[] = [];
  const facts = (await resources.facts(level, ofIds, signal)).values();
  const reader = async () => {
    for (const { id, parentId, labels, metadata } of facts) {
      const attachments = await attachmentsOf(ask, { level, id }, signal);
      const own = { labels, metadata: metadataIn({ Metadata: metadata }, names), attachments };
      found.push({ level, id, parentId, ...own });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return found;
}

async function attachmentsOf(
  ask: Ask,
  resource: Resource,
  signal?: AbortSignal,
): Promise<Map<number, AttachedFile>> {
  const path = `${pathOf(resource)}/attachments`;
  const found = new Map<number, AttachedFile>();
  for (const number of await readAttachmentNumbers(ask, resource, signal)) {
    const question = { method: 'GET', path: `${path}/${String(number)}/info`, signal } as const;
    const route = `${routeOf(resource)}/attachments/{number}/info`;
    const file = await unlessGone(
      ask({ ...question, route }, (value) => parseAttached(record(value, 'a file'))),
    );
    if (file !== undefined) found.set(number, file);
  }
  return found;
}

export async function readAttachmentNumbers(
  ask: Ask,
  resource: Resource,
  signal?: AbortSignal,
): Promise<number[]> {
  const path = `${pathOf(resource)}/attachments?full`;
  const numbers = await unlessGone(
    ask({ method: 'GET', path, route: `${routeOf(resource)}/attachments`, signal }, (value) =>
      Object.values(record(value, 'the answer')).map(Number),
    ),
  );
  return (numbers ?? []).filter((number) => number >= firstUserNumber);
}

async function unlessGone<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (asFailure(error)?.facts['isOrthancAnswer'] === true && asFailure(error)?.code === 'ORTHANC_NOT_FOUND')
      return undefined;
    throw error;
  }
}

async function studiesAndBelow(
  heads: readonly StudyHead[],
  levels: readonly ('Study' | 'Series' | 'Instance')[],
  asking: Asking,
): Promise<Found[]> {
  const isPlain = ({ uid }: StudyHead) =>
    asking.hasExtendedFind && uid !== undefined && plainUid.test(uid) ? 'together' : 'alone';
  const { together = [], alone = [] } = Object.groupBy(heads, isPlain);
  const uids = [...new Set(together.map(({ uid }) => uid))].join('\\');
  const ids = alone.map(({ id }) => id);
  const found = await Promise.all(
    levels.map(async (level) => [
      ...(uids === '' ? [] : await findLevel(level, { Query: { StudyInstanceUID: uids } }, asking)),
      ...(ids.length === 0 ? [] : await askEach(level, ids, asking)),
    ]),
  );
  return found.flat();
}

interface FoundPatient extends Found {
  readonly studyIds: readonly string[];
}

/** Patients are asked for by their studies; their attachments are told by `/tools/find` alone, which asks for a PatientID. */
async function patientsOfStudies(studyIds: readonly string[], asking: Asking): Promise<FoundPatient[]> {
  const { resources, names, ask, hasExtendedFind, signal } = asking;
  const facts = await resources.facts('Patient', studyIds, signal);
  const isPlain = (patientId: string | undefined) =>
    hasExtendedFind && patientId !== undefined && plainId.test(patientId);
  const plain = facts.flatMap(({ tags }) =>
    isPlain(tags['PatientID']) ? [tags['PatientID'] as string] : [],
  );
  const query = { Query: { PatientID: plain.join('\\') } };
  const found = new Map(
    (plain.length === 0 ? [] : await findLevel('Patient', query, asking)).map((one) => [one.id, one]),
  );
  // Before 1.12.8 nothing but a route of its own tells it.
  const untold = facts.flatMap((one) => (one.isProtected === undefined ? [one.id] : []));
  const protection = await asking.protection(untold, signal);
  return Promise.all(
    facts.map(async ({ id, childIds, labels, metadata, isProtected }): Promise<FoundPatient> => {
      const attachments =
        found.get(id)?.attachments ?? (await attachmentsOf(ask, { level: 'Patient', id }, signal));
      const own = { labels, metadata: metadataIn({ Metadata: metadata }, names), attachments };
      return {
        level: 'Patient',
        id,
        parentId: undefined,
        studyIds: childIds,
        ...own,
        isProtected: isProtected ?? protection.get(id) ?? false,
      };
    }),
  );
}

/** What belongs to the patient, the study and its series, and to its instances where asked for; by study. */
export async function findBelongings(
  heads: readonly StudyHead[],
  withInstances: boolean,
  asking: Asking,
): Promise<Map<string, readonly ResourceBelongings[]>> {
  const found = new Map<string, ResourceBelongings[]>(heads.map(({ id }) => [id, []]));
  if (heads.length === 0) return found;
  const levels = withInstances ? (['Study', 'Series', 'Instance'] as const) : (['Study', 'Series'] as const);
  const [resources, patients] = await Promise.all([
    studiesAndBelow(heads, levels, asking),
    patientsOfStudies([...found.keys()], asking),
  ]);
  // Several studies may have one UID: what belongs to which is told by the identifiers.
  const studyOf = new Map<string, string>();
  for (const { id, level, parentId = '' } of resources) if (level === 'Series') studyOf.set(id, parentId);
  for (const { parentId = '', ...resource } of resources) {
    const above = resource.level === 'Instance' ? studyOf.get(parentId) : parentId;
    found.get(resource.level === 'Study' ? resource.id : (above ?? ''))?.push(resource);
  }
  for (const { studyIds, ...patient } of patients)
    for (const studyId of studyIds) found.get(studyId)?.push(patient);
  return found;
}
