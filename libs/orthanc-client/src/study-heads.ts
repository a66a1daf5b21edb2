import type { Ask } from './ask.ts';
import { askFind } from './ask-find.ts';
import { plainUid } from './instances-of-each.ts';
import { type StudyHead, type StudyPage, parseHeads, readHeads } from './studies.ts';

/** Reads heads in bulk where a server can (`HasExtendedFind`); what is not told so is asked for by its identifier, which has the last word. */
export interface HeadAsking {
  readonly ask: Ask;
  readonly hasExtendedFind: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The heads of a page of the list; those that are gone are left out. One question for all costs Orthanc 0.06 ms of CPU for
 * each of 1,000; by identifiers up to 4 ms among 6,000 studies on SQLite (decision 0036).
 */
export function headsOfPage({ ids, next }: StudyPage, asking: HeadAsking): Promise<StudyHead[]> {
  const range = { Since: next - ids.length, Limit: ids.length };
  return headsOf(ids, asking, { Query: {}, ...range });
}

/** What this server knows of studies of which another one has told; those that it does not know are left out. */
export function headsAlike(heads: readonly StudyHead[], asking: HeadAsking): Promise<StudyHead[]> {
  const uids = new Set(heads.flatMap(({ uid = '' }) => (plainUid.test(uid) ? [uid] : [])));
  const ids = heads.map(({ id }) => id);
  return headsOf(ids, asking, uids.size > 0 && { Query: { StudyInstanceUID: [...uids].join('\\') } });
}

/** @throws transient `ORTHANC_CHANGED_MEANWHILE` where something of it was deleted meanwhile */
async function headsOf(
  ids: readonly string[],
  { ask, hasExtendedFind, signal }: HeadAsking,
  which: Record<string, unknown> | false,
): Promise<StudyHead[]> {
  const wanted = new Set(ids);
  const found: StudyHead[] = [];
  if (hasExtendedFind && which !== false && ids.length > 0) {
    const content = { Level: 'Study', ...which, ResponseContent: ['MainDicomTags', 'Parent', 'Children'] };
    for (const head of await askFind(ask, content, parseHeads, signal))
      if (wanted.delete(head.id)) found.push(head);
  }
  return [...found, ...(await readHeads(ask, [...wanted], signal))];
}
