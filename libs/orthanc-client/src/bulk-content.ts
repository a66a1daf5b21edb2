import { asFailure, transientFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
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

const parameterOutOfRange = 3;

/**
 * Several resources by one request. What is not there is left out; but what is deleted between Orthanc's looking for it
 * and reading it makes Orthanc refuse the whole.
 * @throws transient `ORTHANC_CHANGED_MEANWHILE`
 */
export async function askBulkContent<Answer>(
  ask: Ask,
  { ids, level, withMetadata = false, isShort = false, signal }: BulkQuestion,
  parse: (value: unknown) => Answer,
): Promise<Answer> {
  const content = { Resources: ids, Level: level, Metadata: withMetadata, ...(isShort && { Short: true }) };
  try {
    return await ask(
      { method: 'POST', path: '/tools/bulk-content', isFixedRoute: true, content, signal },
      parse,
    );
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.facts['orthancStatus'] !== parameterOutOfRange) throw error;
    const message = `${failure.message}: something of it was deleted while Orthanc read it`;
    throw transientFailure('ORTHANC_CHANGED_MEANWHILE', message, { facts: failure.facts, cause: error });
  }
}
