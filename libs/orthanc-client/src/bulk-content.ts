import type { Ask } from './ask.ts';
import { unlessChanged } from './changed-meanwhile.ts';
import type { Level } from './resources.ts';

/** What `POST /tools/bulk-content` is asked for: resources of a level that the given ones, of any level, consist of or belong to. */
export interface BulkQuestion {
  readonly ids: readonly string[];
  readonly level: Level;
  readonly withMetadata?: boolean;
  /** Without the children. */
  readonly isShort?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Several resources by one request. What is not there is left out.
 * @throws transient `ORTHANC_CHANGED_MEANWHILE` where something of it was deleted meanwhile
 */
export function askBulkContent<Answer>(
  ask: Ask,
  { ids, level, withMetadata = false, isShort = false, signal }: BulkQuestion,
  parse: (value: unknown) => Answer,
): Promise<Answer> {
  const content = { Resources: ids, Level: level, Metadata: withMetadata, ...(isShort && { Short: true }) };
  const question = {
    method: 'POST',
    path: '/tools/bulk-content',
    isFixedRoute: true,
    content,
    signal,
  } as const;
  return unlessChanged(() => ask(question, parse));
}
