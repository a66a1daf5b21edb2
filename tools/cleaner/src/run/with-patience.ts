import type { Cleaning } from './cleaning.ts';

type Patient = Pick<Cleaning, 'clock' | 'log' | 'signal' | 'health' | 'patienceMs'>;

/** Does something that waits for Orthanc, for as long as a run is to wait; its signal is aborted then. */
export async function withPatience<Answer>(
  { clock, log, signal, health, patienceMs }: Patient,
  work: (patience: Omit<Patient, 'patienceMs'>) => Promise<Answer>,
): Promise<Answer> {
  const [ending, done] = [new AbortController(), new AbortController()];
  const patience = clock.sleep(patienceMs, AbortSignal.any([signal, done.signal])).then(() => {
    ending.abort();
  });
  try {
    return await work({ clock, log, health, signal: AbortSignal.any([signal, ending.signal]) });
  } finally {
    done.abort();
    await patience;
  }
}
