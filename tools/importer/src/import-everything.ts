import { setImmediate } from 'node:timers/promises';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Claim, WorkLedger } from '@orthanc-tools/work-ledger';
import { type LoopSettings, runWorkLoop } from '@orthanc-tools/work-loop';
import { pdfsToDecide, studiesByFolder } from './folder-studies.ts';
import { identified, judgedPriority, wasJudged } from './await-verdict.ts';
import { areSomeIdentified, enterJudged } from './enter-judged.ts';
import { identifyFiles } from './identify-files.ts';
import { folderAway } from './folder-presence.ts';
import { gatherPages } from './gather-pages.ts';
import { type ImportContext, importFiles } from './import-files.ts';
import { importTally } from './import-tally.ts';
import { isSkipped, skippedMark } from './inspect-file.ts';
import { judgePatients } from './judge-patients.ts';
import type { RunTotals } from './run-totals.ts';
import { showProgress } from './show-progress.ts';
import { type Found, walkFolder } from './walk-folder.ts';
import { whereabouts } from './whereabouts.ts';

export interface ImportRequest {
  readonly run: RunContext;
  readonly files: ImportContext;
  readonly ledger: WorkLedger;
  readonly schedule: WeeklySchedule;
  readonly ceiling: number;
  readonly maxAttempts: number;
  readonly proveAgain: boolean;
  /** How long a file must not have changed before it is read, in ms; then the rest of the work is left for later, too. */
  readonly settleMs?: number;
  /** False where PDFs are to wait for another time. */
  readonly decidesPdfs?: boolean;
}

/** One hand takes about so many bytes: enough that claiming and proving cost little, and it is soon done. */
const bytesInHand = 32 * 1024 * 1024;
const mostInHand = 64;

/** How many files one hand takes, by the size of those before. */
function filesInHand({ storedInstances, storedBytes }: RunTotals): number {
  const usual = storedInstances === 0 ? 2 * 1024 * 1024 : storedBytes / storedInstances;
  return Math.min(mostInHand, Math.max(1, Math.round(bytesInHand / usual)));
}

/** What is done with what, in one go. */
interface Pass {
  /** Enters work in the ledger, a page at a time; left out where all is entered. */
  entering?(signal: AbortSignal): AsyncIterable<undefined>;
  perform: LoopSettings['perform'];
}

/** Imports the folder, until all is done or the signal comes. */
export async function importEverything(request: ImportRequest): Promise<void> {
  const { run, files } = request;
  files.unreadFolders.clear();
  await refuseAway(request);
  if (files.guard === undefined) await storeAndJudge(request);
  else await judgeAndStore(request);
  if (files.pdfs !== 'list' && (request.decidesPdfs ?? true) && !run.signal.aborted)
    await importPdfs(request);
}

async function storeAndJudge(request: ImportRequest): Promise<void> {
  const { run, files, ledger } = request;
  await workThrough(request, {
    entering: (signal) => enterEverything(request, signal),
    perform: storing(request, files),
  });
  if (!run.signal.aborted) await judgePatients(files.orthanc, ledger, run);
}

/**
 * Where a patient in doubt is refused, everything is read first for whose it is: what is refused must not depend on what was
 * read first. What is found not to be judged when it is to be stored is read and judged likewise.
 */
async function judgeAndStore(request: ImportRequest): Promise<void> {
  const { run, files, ledger } = request;
  await workThrough(request, {
    entering: (signal) => enterFolder(request, signal),
    perform: (claims, hand) => identifyFiles(claims, hand, files),
  });
  while (!run.signal.aborted) {
    // Of whom something is to be stored may be somebody else to Orthanc by now.
    if (areSomeIdentified(ledger)) ledger.judgeAgain(identified);
    await judgePatients(files.orthanc, ledger, run);
    if (run.signal.aborted) return;
    // All before any is stored: what is read for whose it is meanwhile was not judged.
    for (const page of enterJudged(ledger)) {
      void page;
      // There may be a million: signals and whoever asks for our health must be heard.
      await setImmediate();
    }
    await workThrough(request, { perform: storing(request, files) });
    if (!areSomeIdentified(ledger)) return;
  }
}

/**
 * Stores; where a patient in doubt is refused, only what was judged. What came meanwhile, or was put off before it was read,
 * is read for whose it is.
 */
const storing =
  ({ files }: ImportRequest, how: ImportContext): Pass['perform'] =>
  async (claims, hand) => {
    const mayBeStored = (claim: Claim) => files.guard === undefined || wasJudged(claim);
    await importFiles(claims.filter(mayBeStored), hand, how);
    const others = claims.filter((claim) => !mayBeStored(claim));
    await identifyFiles(others, hand, files);
  };

/** Of a share that is not mounted only the place is there: what waits to be imported from it has not vanished. */
async function refuseAway({ files: { presence }, ledger }: ImportRequest): Promise<void> {
  if (importTally(ledger.tally()).waiting > 0 && (await presence.isAway())) throw folderAway();
}

/** Also what a run that refuses has read and not stored, as it was cut off. */
async function* enterEverything(request: ImportRequest, signal: AbortSignal): AsyncGenerator<undefined> {
  yield* enterJudged(request.ledger);
  yield* enterFolder(request, signal);
}

/**
 * PDFs follow when everything else was read: only then it is known of what study the images in their folders are, also
 * those that an earlier run has read.
 */
async function importPdfs(request: ImportRequest): Promise<void> {
  const { files, ledger } = request;
  const folders = await studiesByFolder(ledger, whereabouts(files));
  const withPdfs = { ...files, pdfs: folders };
  await workThrough(request, {
    entering: async function* () {
      for (const page of pdfsToDecide(ledger, folders, files.pdfsFound)) {
        ledger.enqueue(page.map((item) => ({ ...item, priority: judgedPriority })));
        yield await Promise.resolve(undefined);
      }
    },
    perform: storing(request, withPdfs),
  });
}

const enteredAtOnce = 256;

async function* enterFolder(request: ImportRequest, signal: AbortSignal): AsyncGenerator<undefined> {
  const { presence, folder, disk } = request.files;
  try {
    await presence.remember();
    const walk = walkFolder(folder, { disk, onOtherDisk: presence.rememberWithin }, signal);
    for await (const page of gatherPages(walk, enteredAtOnce)) {
      enter(page, request);
      yield undefined;
    }
  } catch (error) {
    const isOfFileSystem = (error as NodeJS.ErrnoException).syscall !== undefined;
    throw isOfFileSystem && (await presence.isAway()) ? folderAway(error) : error;
  }
}

/** Enters work and works through the ledger side by side. */
async function workThrough(request: ImportRequest, { entering, perform }: Pass): Promise<void> {
  const { run, files, ledger } = request;
  // A failing walk must end the loop, and a failing loop the walk.
  const ending = new AbortController();
  const signal = AbortSignal.any([run.signal, ending.signal]);
  let isWalked = false;
  const { onEvent, onTurn } = run.health.listeners;
  const loop = runWorkLoop({
    ledger,
    clock: run.clock,
    signal,
    schedule: request.schedule,
    concurrency: { ceiling: request.ceiling },
    batchSize: () => filesInHand(files.totals),
    maxAttempts: request.maxAttempts,
    perform,
    onTurn,
    // It tells the key, which is a path and may hold a patient's name: the files tell of it themselves.
    onEvent: (event, facts) => event !== 'item.set_aside' && onEvent(event, facts),
    untilDone: () => isWalked,
    leavesDelayed: request.settleMs !== undefined,
  });
  const walking = (async () => {
    await request.schedule.untilOpen(run.clock, signal);
    for await (const page of entering?.(signal) ?? []) {
      void page;
      loop.wake();
    }
    isWalked = true;
    loop.wake();
  })();
  const progress = showProgress(run, ledger, () => isWalked);
  const stop = (error: unknown) => {
    ending.abort();
    throw error;
  };
  const work = Promise.all([loop.finished.catch(stop), walking.catch(stop)]).finally(() => progress.stop());
  try {
    await Promise.all([work, progress.finished.catch(stop)]);
  } finally {
    ending.abort();
    await Promise.allSettled([work, loop.finished, walking, progress.finished]);
  }
}

function enter(page: readonly Found[], { ledger, files, proveAgain, run, settleMs }: ImportRequest): void {
  for (const { key } of page) if (key.endsWith('/')) files.unreadFolders.add(key);
  const readyAt = settleMs === undefined ? {} : { readyAt: run.clock.now().getTime() + settleMs };
  const items = page
    .filter(({ key, mark }) => !isOnItsWayOut(key, mark, files))
    .map(({ key, mark }) => ({
      key,
      mark: isSkipped(key, files.skipExtensions) ? mark + skippedMark : mark,
      ...readyAt,
    }));
  if (proveAgain) ledger.enqueue(items);
  else ledger.enqueueChanged(items);
  files.clearAway?.turnPage();
}

const isOnItsWayOut = (key: string, mark: string, { clearAway }: Pick<ImportContext, 'clearAway'>): boolean =>
  clearAway !== undefined && (clearAway.rests(key) || clearAway.wasAnnounced(key, mark));
