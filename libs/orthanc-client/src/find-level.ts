import { askFind } from './ask-find.ts';
import type { Ask } from './ask.ts';
import {
  type MetadataNames,
  type ResourceBelongings,
  attachmentsIn,
  labelsIn,
  metadataIn,
} from './belongings.ts';
import { type JsonRecord, filledText, identifier, list, record } from './json-fields.ts';
import type { Level, Resources } from './resources.ts';

const pageSize = 5000;

/** How a server is asked. */
export interface Asking {
  readonly ask: Ask;
  readonly resources: Resources;
  readonly names: MetadataNames;
  readonly hasExtendedFind: boolean;
  readonly findsProtection: boolean;
  readonly protection: (patientIds: readonly string[], signal?: AbortSignal) => Promise<Map<string, boolean>>;
  readonly signal: AbortSignal | undefined;
}

export interface Found extends ResourceBelongings {
  readonly parentId: string | undefined;
}

/** Which resources of a level. */
interface Wanted {
  readonly query: Readonly<Record<string, string>>;
  /** Orthanc identifiers of what is to be told; where they are not known, an answer more shows that nothing is left. */
  readonly expected?: readonly string[];
  /** What is to be told beside labels, metadata and attachments. */
  readonly more?: readonly string[];
}

/** Resources of a level by `POST /tools/find`, which tells labels, metadata and attachments of all at once. */
export async function findLevel<One>(
  level: Level,
  { query, expected, more = [] }: Wanted,
  { ask, signal }: Asking,
  parse: (from: JsonRecord) => One & { readonly id: string },
): Promise<One[]> {
  const found: One[] = [];
  const untold = new Set(expected);
  for (;;) {
    const content = {
      Level: level,
      Query: query,
      ResponseContent: ['Labels', 'Metadata', 'Attachments', 'Parent', ...more],
      Limit: pageSize,
      Since: found.length,
    };
    const parsePage = (value: unknown) =>
      list(value, 'the answer', (entry) => parse(record(entry, 'a resource')));
    const page = await askFind(ask, content, parsePage, signal);
    found.push(...page);
    for (const { id } of page) untold.delete(id);
    // A server may tell fewer than it is asked for (`LimitFindResults`).
    if (page.length === 0 || (expected !== undefined && untold.size === 0)) return found;
  }
}

export const parseOwn =
  (level: Level, names: MetadataNames) =>
  (from: JsonRecord): Found => {
    const parentId = filledText(from, 'ParentSeries') ?? filledText(from, 'ParentStudy');
    return {
      level,
      id: identifier(from['ID']),
      labels: labelsIn(from),
      metadata: metadataIn(from, names),
      attachments: attachmentsIn(from),
      parentId: parentId ?? filledText(from, 'ParentPatient'),
    };
  };
