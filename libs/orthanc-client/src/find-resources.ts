import { askFind } from './ask-find.ts';
import type { Ask } from './ask.ts';
import { count, filledText, identifier, list, plainText, record } from './json-fields.ts';
import type { FoundTags } from './modality-queries.ts';
import type { Level } from './resources.ts';

/** What to look for in Orthanc's own index. */
export interface ResourceQuery {
  readonly level: Exclude<Level, 'Patient'>;
  /** Tags of this level or of those above it, by keyword, with the matching of C-FIND: ranges, lists, wildcards. */
  readonly match: Readonly<Record<string, string>>;
  /** Keywords of what is to be told, of this level and of those above it. */
  readonly tell: readonly string[];
  /** Also of what each consists: of a study its series, of a series its instances. */
  readonly withChildren?: boolean;
  /** Also its metadata and its labels. */
  readonly withMetadata?: boolean;
  /** Whether Orthanc has ExtendedFind (1.12.5): it then tells nothing else, which costs it half the time. */
  readonly isLean: boolean;
  /** Whether this is all that is wanted, where that can be told: nothing more is asked for then. */
  readonly suffices?: (found: readonly FoundResource[]) => boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundResource {
  readonly id: string;
  /** Of a series its study, of an instance its series. */
  readonly parentId: string | undefined;
  /** Empty unless asked for. */
  readonly childIds: readonly string[];
  /** By keyword: patient data. */
  readonly tags: FoundTags;
  /** By Orthanc's names; only if asked for. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Only if asked for. */
  readonly labels?: readonly string[];
}

const pageSize = 5000;

/**
 * Resources by `POST /tools/find`, in pages: an Orthanc may tell fewer at once than it is asked for. The end is believed
 * when a page is empty, or shorter than the one before. What comes or goes meanwhile may be missed.
 */
export async function findResources(ask: Ask, query: ResourceQuery): Promise<FoundResource[]> {
  const found = new Map<string, FoundResource>();
  for (let [since, longest] = [0, 0]; ;) {
    const page = await readPage(ask, query, since);
    for (const resource of page) found.set(resource.id, resource);
    const all = [...found.values()];
    if (page.length === 0 || page.length < longest || query.suffices?.(all) === true) return all;
    longest = page.length;
    since += page.length;
  }
}

function readPage(ask: Ask, query: ResourceQuery, since: number): Promise<FoundResource[]> {
  const { level, match, tell, withChildren = false, withMetadata = false, isLean, signal } = query;
  const told = [
    'Parent',
    ...(withChildren ? ['Children'] : []),
    ...(withMetadata ? ['Metadata', 'Labels'] : []),
  ];
  const content = {
    Level: level,
    Query: match,
    RequestedTags: tell,
    ...(isLean ? { ResponseContent: told } : { Expand: true }),
    Limit: pageSize,
    ...(since > 0 && { Since: since }),
  };
  return askFind(ask, content, parsePage, signal);
}

const parsePage = (value: unknown): FoundResource[] => list(value, 'the answer', parseResource);

function parseResource(value: unknown): FoundResource {
  const from = record(value, 'a resource');
  return {
    id: identifier(from['ID']),
    childIds: list(from['Series'] ?? from['Instances'] ?? [], 'the children', identifier),
    parentId: filledText(from, 'ParentSeries') ?? filledText(from, 'ParentStudy'),
    tags: textsIn(from['RequestedTags'], '"RequestedTags"'),
    ...(from['Metadata'] !== undefined && { metadata: textsIn(from['Metadata'], '"Metadata"') }),
    ...(from['Labels'] !== undefined && { labels: list(from['Labels'], '"Labels"', plainText) }),
  };
}

function textsIn(value: unknown, what: string): Record<string, string> {
  const texts = Object.entries(record(value ?? {}, what)).flatMap(([name, told]) =>
    typeof told === 'string' ? [[name, told] as const] : [],
  );
  return Object.fromEntries(texts);
}

const parseCount = (value: unknown): number => count(record(value, 'the answer'), 'Count');

/** How many there are, without telling them. Needs 1.12.5. */
export function countResources(
  ask: Ask,
  { level, match, signal }: Pick<ResourceQuery, 'match' | 'signal'> & { readonly level: Level },
): Promise<number> {
  const content = { Level: level, Query: match };
  return ask(
    { method: 'POST', path: '/tools/count-resources', isFixedRoute: true, content, signal },
    parseCount,
  );
}
