import { patiently } from '@orthanc-tools/tool-runtime';
import type { Cleaning } from './cleaning.ts';

type Patient = Pick<Cleaning, 'clock' | 'log' | 'signal' | 'health' | 'patienceMs'>;

interface Waiting {
  /** Aborted when Orthanc has been away for as long as a run is to wait. */
  readonly signal: AbortSignal;
  /** Orthanc is there: what it takes from now on is no waiting, until something fails again. */
  readonly answered: () => void;
}

/**
 * Asks Orthanc, again and again while it is away, for as long as a run is to wait for it, all in all: what fails again and
 * again after it has answered is no reason to wait for ever. Undefined when that is over, or the run is to stop.
 */
export async function withPatience<Answer>(
  { clock, log, signal, health, patienceMs }: Patient,
  ask: (waiting: Waiting) => Promise<Answer>,
): Promise<Answer | undefined> {
  const outages = limitOutages({ clock, signal, patienceMs });
  const patience = { clock, log, health, signal: AbortSignal.any([signal, outages.areTooLong]) };
  outages.begin();
  try {
    return await patiently(async () => {
      try {
        return await ask({ signal: patience.signal, answered: outages.end });
      } catch (error) {
        outages.begin();
        throw error;
      }
    }, patience);
  } finally {
    outages.end();
  }
}

/** Tells by `areTooLong` when all outages together have lasted for so long. */
function limitOutages({ clock, signal, patienceMs }: Pick<Patient, 'clock' | 'signal' | 'patienceMs'>) {
  const ending = new AbortController();
  let outage: AbortController | undefined;
  let [leftMs, since] = [patienceMs, 0];
  return {
    areTooLong: ending.signal,
    begin() {
      if (outage !== undefined) return;
      const over = (outage = new AbortController()).signal;
      since = clock.now().getTime();
      void clock.sleep(Math.max(0, leftMs), AbortSignal.any([signal, over])).then(() => {
        if (!over.aborted) ending.abort();
      });
    },
    end() {
      if (outage === undefined) return;
      leftMs -= clock.now().getTime() - since;
      outage.abort();
      outage = undefined;
    },
  };
}
