import type { Clock } from '@orthanc-tools/scheduling';
import type { Progress, ProgressState } from './progress.ts';
import type { Pace } from './rate-meter.ts';
import { startRateMeter } from './rate-meter.ts';
import type { OutputStream } from './surroundings.ts';
import { inBytes, inDigits, inTime } from './wording.ts';

/** A live line must step aside while something else is written to the same terminal. */
export interface LiveProgress extends Progress {
  /** Writes with the live line out of the way. */
  aside(write: () => void): void;
}

function shareOf({ doneParts, totalParts, doneItems, totalItems }: ProgressState): number {
  const [done, total] = totalParts === undefined ? [doneItems, totalItems] : [doneParts, totalParts];
  if (total === undefined || total === 0) return 0;
  // 100 % is said only when it is true.
  return done >= total ? 1 : Math.min(done / total, 0.999);
}

const outOf = (done: number, total: number | undefined) =>
  total === undefined ? inDigits(done) : `${inDigits(done)}/${inDigits(total)}`;

/** What stands right of the bar. */
export function describeProgress(state: ProgressState, pace: Pace): string {
  const facts = [
    outOf(state.doneParts, state.totalParts),
    `${inDigits(Math.round(pace.partsPerSecond))}/s`,
    `${(pace.bytesPerSecond / 1e6).toFixed(1)} MB/s`,
    state.totalBytes === undefined ? inBytes(state.doneBytes) : undefined,
    pace.leftMs === undefined || pace.leftMs === 0 ? undefined : `${inTime(pace.leftMs)} left`,
    state.setAside === 0 ? undefined : `${inDigits(state.setAside)} set aside`,
    state.note,
  ];
  return facts.filter((fact) => fact !== undefined && fact !== '').join('  ');
}

const clearLine = '\r\u001b[K';

// The bar returns to the place saved at its start to remove itself: after a line of the log that is elsewhere.
const saveCursor = '\u001b7';

/** Progress as one line that is drawn again and again on a terminal. */
export async function progressOnTerminal(
  stream: OutputStream & NodeJS.WritableStream,
  clock: Clock,
): Promise<LiveProgress> {
  // By the default export: a bundler that splits this CommonJS package off loses the named ones.
  const { default: cliProgress } = await import('cli-progress');
  const { SingleBar } = cliProgress;
  const bar = new SingleBar({
    stream,
    format: '{bar} {share}  {facts}',
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
    linewrap: false,
    fps: 4,
    // The runtime has handlers of its own; those of the bar would end the process behind their back.
    gracefulExit: false,
  });
  const paceAt = startRateMeter();
  let isShown = false;
  let isStopped = false;
  let noted = '';
  return {
    update(state) {
      if (isStopped) return;
      const pace = paceAt(state, clock.now().getTime());
      const share = shareOf(state);
      const facts = describeProgress(noted === '' ? state : { ...state, note: noted }, pace);
      const shown = { share: `${String(Math.floor(share * 100)).padStart(3)} %`, facts };
      if (isShown) bar.update(share * 1000, shown);
      else bar.start(1000, share * 1000, shown);
      isShown = true;
    },
    note(text) {
      noted = text;
    },
    stop() {
      isStopped = true;
      if (isShown) bar.stop();
      isShown = false;
    },
    aside(write) {
      if (isShown) stream.write(clearLine);
      write();
      if (isShown) stream.write(saveCursor);
    },
  };
}
