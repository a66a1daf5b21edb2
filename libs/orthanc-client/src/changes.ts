import type { Ask } from './ask.ts';
import { count, identifier, list, optionalFlag, optionalText, record, text } from './json-fields.ts';
import { type SequenceRange, rangesWithout } from './sequence-ranges.ts';

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
  /**
   * Numbers between `since` and the last entry under which nothing stands yet, but may still: see `mayComeLate`. For who
   * follows the log, `feedLateChanges` goes on asking for them.
   */
  readonly passedOver: readonly SequenceRange[];
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

type PlainPage = Omit<ChangePage, 'passedOver'>;

function parsePage(value: unknown): PlainPage {
  const from = record(value, 'the answer');
  return {
    changes: list(from['Changes'], '"Changes"', parseChange),
    isDone: optionalFlag(from, 'Done') ?? false,
    last: count(from, 'Last'),
  };
}

interface LogTraits {
  readonly canFilter: boolean;
  readonly mayComeLate: boolean;
}

/** Route `GET /changes`. Where entries may come late, all types are read: only so is a number known that is missing. */
export async function readChanges(ask: Ask, query: ChangeQuery & LogTraits): Promise<ChangePage> {
  const { since, limit, types, canFilter, mayComeLate, signal } = query;
  const filter = types !== undefined && canFilter && !mayComeLate ? `&type=${types.join(';')}` : '';
  const path = `/changes?since=${String(since)}&limit=${String(limit)}${filter}`;
  const page = await ask({ method: 'GET', path, isFixedRoute: true, signal }, parsePage);
  const wanted = types && new Set(types);
  const passedOver = mayComeLate ? missingIn(page, since) : [];
  const changes = wanted ? page.changes.filter(({ type }) => wanted.has(type)) : page.changes;
  return { ...page, changes, passedOver };
}

function missingIn({ changes }: PlainPage, since: number): readonly SequenceRange[] {
  const sequences = changes.map(({ sequence }) => sequence);
  return rangesWithout(sequences, { from: since + 1, to: sequences.at(-1) ?? since });
}

/**
 * How far the log has come, also where its newest entries have gone with what was deleted: below `position` only where the
 * log was never there, as after a database was restored. `GET /changes?since=` tells it, where nothing follows;
 * `?last` tells of the newest entry that is left.
 */
export const readReached = async (ask: Ask, position: number, signal?: AbortSignal): Promise<number> =>
  (await readChanges(ask, { since: position, limit: 1, canFilter: false, mayComeLate: false, signal })).last;

/** The sequence number of the newest change that is left; 0 in an empty log. */
export async function readLastChange(ask: Ask, signal?: AbortSignal): Promise<number> {
  return (await ask({ method: 'GET', path: '/changes?last', isFixedRoute: true, signal }, parsePage)).last;
}
