import type { Ask } from './ask.ts';
import { count, identifier, list, optionalFlag, optionalText, record, text } from './json-fields.ts';

/** One entry of Orthanc's change log. */
export interface Change {
  readonly sequence: number;
  readonly type: string;
  /** When it was written, as Orthanc writes it: `20260131T235959`. */
  readonly at: string;
  readonly resourceType: string;
  /** Empty where the change is of no resource. */
  readonly id: string;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** The log was read to its end. */
  readonly isDone: boolean;
  /** From where to read on. Lies before `since` only where the log was cleared or belongs to another database. */
  readonly last: number;
}

export interface ChangeQuery {
  readonly since: number;
  readonly limit: number;
  /** Only these types; the server filters where it can (`HasExtendedChanges`). */
  readonly types?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

function parseChange(value: unknown): Change {
  const from = record(value, 'a change');
  return {
    sequence: count(from, 'Seq'),
    type: text(from, 'ChangeType'),
    at: optionalText(from, 'Date') ?? '',
    resourceType: text(from, 'ResourceType'),
    id: from['ID'] ? identifier(from['ID']) : '',
  };
}

function parsePage(value: unknown): ChangePage {
  const from = record(value, 'the answer');
  return {
    changes: list(from['Changes'], '"Changes"', parseChange),
    isDone: optionalFlag(from, 'Done') ?? false,
    last: count(from, 'Last'),
  };
}

/** Route `GET /changes`. */
export async function readChanges(
  ask: Ask,
  query: ChangeQuery & { canFilter: boolean },
): Promise<ChangePage> {
  const { since, limit, types, canFilter, signal } = query;
  const filter = types !== undefined && canFilter ? `&type=${types.join(';')}` : '';
  const path = `/changes?since=${String(since)}&limit=${String(limit)}${filter}`;
  const page = await ask({ method: 'GET', path, isFixedRoute: true, signal }, parsePage);
  const wanted = types && new Set(types);
  return wanted ? { ...page, changes: page.changes.filter(({ type }) => wanted.has(type)) } : page;
}

/**
 * How far the log has come, also where its newest entries have gone with what was deleted: below `position` only where the
 * log was never there, as after a database was restored. `GET /changes?since=` tells it, where nothing follows;
 * `?last` tells of the newest entry that is left.
 */
export const readReached = async (ask: Ask, position: number, signal?: AbortSignal): Promise<number> =>
  (await readChanges(ask, { since: position, limit: 1, canFilter: false, signal })).last;

/** The sequence number of the newest change that is left; 0 in an empty log. */
export async function readLastChange(ask: Ask, signal?: AbortSignal): Promise<number> {
  return (await ask({ method: 'GET', path: '/changes?last', isFixedRoute: true, signal }, parsePage)).last;
}
