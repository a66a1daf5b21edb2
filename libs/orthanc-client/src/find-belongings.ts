import { type ResourceBelongings, metadataIn } from './belongings.ts';
import { type Asking, type Found, findLevel, parseOwn } from './find-level.ts';
import { patientsOfStudies } from './find-patients.ts';
import { attachmentsOf } from './read-attachments.ts';
import type { Level } from './resources.ts';
import type { StudyHead } from './studies.ts';

/** What means nothing but itself in a list of a query. */
const plainUid = /^[0-9.]+$/;
const atOnce = 4;

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

async function studiesAndBelow(
  heads: readonly StudyHead[],
  levels: readonly ('Study' | 'Series' | 'Instance')[],
  asking: Asking,
): Promise<Found[]> {
  const isPlain = ({ uid }: StudyHead) =>
    asking.hasExtendedFind && uid !== undefined && plainUid.test(uid) ? 'together' : 'alone';
  const { together = [], alone = [] } = Object.groupBy(heads, isPlain);
  const query = { StudyInstanceUID: [...new Set(together.map(({ uid }) => uid))].join('\\') };
  const ids = alone.map(({ id }) => id);
  const expectedOf = {
    Study: { expected: together.map(({ id }) => id) },
    Series: { expected: together.flatMap(({ seriesIds }) => seriesIds) },
    Instance: {},
  };
  const found = await Promise.all(
    levels.map(async (level) => [
      ...(together.length === 0
        ? []
        : await findLevel(level, { query, ...expectedOf[level] }, asking, parseOwn(level, asking.names))),
      ...(ids.length === 0 ? [] : await askEach(level, ids, asking)),
    ]),
  );
  return found.flat();
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
    patientsOfStudies(heads, asking),
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
