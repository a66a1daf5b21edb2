import { asFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import { innerFolderAway } from './folder-presence.ts';
import { type ImportRequest, importEverything } from './import-everything.ts';

export interface WatchSettings {
  /** How often the folder is looked at, in ms; a folder that takes long to look at is looked at less often. */
  readonly everyMs: number;
  /** After each whole round. */
  afterRound(round: { readonly isIdle: boolean }): Promise<void>;
}

/** Looking must leave so much time for other things: one part in this many. */
const share = 5;

/** Imports the folder again and again, until the signal comes. A folder that is away for a while is waited for. */
export async function watchFolder(request: ImportRequest, settings: WatchSettings): Promise<void> {
  const { run, ledger } = request;
  const now = () => run.clock.now().getTime();
  let { proveAgain } = request;
  let decidesPdfsFrom = 0;
  let awaited: Disposable | undefined;
  while (!run.signal.aborted) {
    const [begun, before] = [now(), JSON.stringify(ledger.tally())];
    const decidesPdfs = begun >= decidesPdfsFrom;
    try {
      await importEverything({ ...request, proveAgain, decidesPdfs });
      proveAgain = false;
      awaited?.[Symbol.dispose]();
      awaited = undefined;
    } catch (error) {
      if (asFailure(error)?.code !== 'FOLDER_AWAY') throw error;
      if (awaited === undefined) run.log.warn('folder.awaited', { code: 'FOLDER_AWAY' });
      awaited ??= run.health.awaitServer();
    }
    const tookMs = now() - begun;
    const isIdle = JSON.stringify(ledger.tally()) === before;
    if (decidesPdfs && !isIdle) decidesPdfsFrom = now() + tookMs * (share - 1);
    if (run.signal.aborted) break;
    if (awaited === undefined) await settings.afterRound({ isIdle });
    const readyInMs = (ledger.nextReadyAt() ?? Infinity) - now();
    const waitMs = Math.max(
      Math.min(settings.everyMs, readyInMs),
      isIdle ? tookMs * (share - 1) : 0,
      shortestMs,
    );
    run.health.listeners.onTurn(waitMs);
    await run.clock.sleep(waitMs, run.signal);
  }
  awaited?.[Symbol.dispose]();
}

const shortestMs = 100;

/** Its files wait without end. Its path is not told: it may hold a name. */
export function warnOfInnerFolder(log: Logger): void {
  const { code, message } = innerFolderAway(undefined);
  log.warn('folder.awaited', { code, message });
}
