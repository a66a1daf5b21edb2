import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { UnitLevel } from './unit.ts';

type Known = Pick<WorkLedger, 'stateOf' | 'condense'>;

export interface CondenseRequest extends Pick<RunContext, 'clock' | 'log' | 'signal'> {
  readonly inbox: { readonly resources: Pick<Orthanc['resources'], 'facts'> };
  readonly level: UnitLevel;
  readonly ledgers: {
    readonly inbox: Known & Pick<WorkLedger, 'rows' | 'cursor' | 'setCursor'>;
    readonly deletion: Known;
  };
  readonly destinations: readonly { readonly ledger: Known }[];
  /** So long it stays known what has ended. */
  readonly keepRecordsMs: number;
}

/** Cursor in the ledger: the last unit that was looked at, where not all were. */
const reached = 'condensed';

const rowsAtOnce = 1000;
const askedAtOnce = 100;
/** Of units that the inbox still holds: so many are asked about in vain by one look, and the next one goes on after them. */
const mostInVain = 20_000;
const betweenPagesMs = 1000;
const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** Once a day, until the signal. */
export async function condenseDaily(request: CondenseRequest): Promise<void> {
  const { clock, signal } = request;
  while (!signal.aborted) {
    const isDone = await condenseRecords(request, betweenPagesMs);
    await clock.sleep(isDone ? dayMs : hourMs, signal);
  }
}

/**
 * Keeps of units that have ended long ago, and of which the inbox holds nothing any more, only what `status` counts. Of what
 * the inbox still holds it stays known who is to have it, and what was proved.
 * @returns false where the inbox could not be asked
 */
export async function condenseRecords(request: CondenseRequest, pauseMs = 0): Promise<boolean> {
  try {
    await condensePages(request, pauseMs);
    return true;
  } catch (error) {
    if (asFailure(error) === undefined && !request.signal.aborted) throw error;
    return false;
  }
}

async function condensePages(request: CondenseRequest, pauseMs: number): Promise<void> {
  const { ledgers, clock, log, signal, keepRecordsMs } = request;
  const before = clock.now().getTime() - keepRecordsMs;
  let [inVain, units] = [0, 0];
  let after = ledgers.inbox.cursor(reached) ?? '';
  do {
    const rows = ledgers.inbox.rows({ limit: rowsAtOnce, after });
    const ended = rows.filter(({ state, at }) => state === 'done' && at < before).map(({ key }) => key);
    const gone = await goneAmong(ended, request);
    condense(gone, before, request);
    units += gone.length;
    inVain += ended.length - gone.length;
    after = rows.length < rowsAtOnce ? '' : (rows.at(-1)?.key ?? '');
    if (after !== '') await clock.sleep(pauseMs, signal);
  } while (after !== '' && inVain < mostInVain && !signal.aborted);
  ledgers.inbox.setCursor(reached, after);
  if (units > 0) log.info('ledger.condensed', { units });
}

const levelNames = { study: 'Study', series: 'Series', instance: 'Instance' } as const;

async function goneAmong(
  keys: readonly string[],
  { inbox, level, signal }: CondenseRequest,
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (let from = 0; from < keys.length && !signal.aborted; from += askedAtOnce) {
    const asked = new Set(keys.slice(from, from + askedAtOnce));
    const found = await inbox.resources.facts(levelNames[level], [...asked], signal);
    // A unit of another level, from before `--trigger` was changed, is told by what it belongs to: nobody can say which it was.
    if (found.some(({ id }) => !asked.has(id))) continue;
    for (const { id } of found) asked.delete(id);
    gone.push(...asked);
  }
  return gone;
}

/** What the gate knows goes last: by that the others are found, should the process die in between. */
function condense(gone: readonly string[], before: number, { ledgers, destinations }: CondenseRequest): void {
  if (gone.length === 0) return;
  const others = [ledgers.deletion, ...destinations.map(({ ledger }) => ledger)];
  for (const ledger of others) ledger.condense(gone, before);
  const isKnownElsewhere = (key: string) => others.some((ledger) => ledger.stateOf(key) !== undefined);
  ledgers.inbox.condense(
    gone.filter((key) => !isKnownElsewhere(key)),
    before,
  );
}
