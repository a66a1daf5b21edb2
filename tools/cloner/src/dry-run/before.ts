import { existsSync } from 'node:fs';
import { type Orthanc, readLandmarks, recognizeLog } from '@orthanc-tools/orthanc-client';
import { type LedgerView, readLedger } from '@orthanc-tools/work-ledger';
import type { CopyRate } from '../copy-rate.ts';
import { changeLogPosition } from '../change-log-position.ts';
import { isToBeReadAnew } from '../feed-studies.ts';
import { lastRate } from '../last-rate.ts';
import type { ClonerOptions } from '../options.ts';
import { findLoss, serversInLedger } from '../remember-servers.ts';

/** What earlier runs have left, as a run would find it now. */
export interface Before extends Disposable {
  /** What a run would do with the study. */
  standing(studyId: string): 'to be visited' | 'proved' | 'set aside';
  /** How fast the last run was that went the same way. */
  readonly rate: CopyRate | undefined;
}

export interface BeforeRequest {
  readonly path: string;
  readonly options: Pick<ClonerOptions, 'mode' | 'bandwidth' | 'proveAgain'>;
  readonly source: Orthanc;
  /** Undefined where it cannot be asked. */
  readonly destination: Orthanc | undefined;
  /** The pair of servers, as a run notes it. */
  readonly servers: string;
  readonly signal: AbortSignal;
}

const nothingBefore: Before = {
  standing: () => 'to be visited',
  rate: undefined,
  [Symbol.dispose]: () => undefined,
};

/**
 * Reads the ledger, where there is one, and writes nothing to it.
 * @throws configuration `LEDGER_OLDER` for one that would have to be upgraded
 */
export async function openBefore(request: BeforeRequest): Promise<Before> {
  const { path, options } = request;
  if (!existsSync(path)) return nothingBefore;
  const ledger = readLedger(path, { upgrades: false });
  try {
    const rate = lastRate(ledger, options);
    const changed = (await visitsAll(ledger, request)) ? undefined : await changedSince(ledger, request);
    return {
      rate,
      standing(studyId) {
        const state = ledger.stateOf(studyId);
        if (changed?.has(studyId) !== false || state === undefined) return 'to be visited';
        if (state === 'set aside') return state;
        return state === 'done' ? 'proved' : 'to be visited';
      },
      [Symbol.dispose]: () => ledger[Symbol.dispose](),
    };
  } catch (error) {
    ledger[Symbol.dispose]();
    throw error;
  }
}

/** Whether a run would take nothing for granted that was proved. */
async function visitsAll(ledger: LedgerView, request: BeforeRequest): Promise<boolean> {
  const { options, source, destination, servers, signal } = request;
  if (options.proveAgain || isToBeReadAnew(ledger)) return true;
  const known = serversInLedger(ledger);
  if (known !== undefined && known !== servers) return true;
  if (destination !== undefined && (await findLoss(ledger, { source, destination })) !== undefined)
    return true;
  const position = changeLogPosition(ledger);
  if (position === undefined || (await source.changes.reached(position, signal)) < position) return true;
  const landmarks = readLandmarks(ledger);
  return landmarks.length > 0 && typeof (await recognizeLog(source, landmarks, signal)) === 'string';
}

const changesPerPage = 4000;
/** More are not kept in mind: then every study is looked at, which gives the same counts and takes longer. */
const mostChanged = 100_000;

/** The studies for which something has arrived since; undefined where they are too many. */
async function changedSince(
  ledger: LedgerView,
  { source, signal }: BeforeRequest,
): Promise<ReadonlySet<string> | undefined> {
  const changed = new Set<string>();
  for (let since = changeLogPosition(ledger) ?? 0; ;) {
    const page = await source.changes.read({ since, limit: changesPerPage, types: ['NewInstance'], signal });
    const arrived = page.changes.filter(({ type }) => type === 'NewInstance').map(({ id }) => id);
    for (const study of await source.studies.ofInstances(arrived, signal)) changed.add(study);
    if (changed.size > mostChanged) return undefined;
    if (page.isDone || page.last <= since) return changed;
    since = page.last;
  }
}
