import process from 'node:process';

/** Aborts on SIGTERM, on SIGINT, and when the process that started this one is gone: npm does not hand on its own SIGTERM. */
export function watchForInterruption(): AbortSignal {
  const interruption = new AbortController();
  const parent = process.ppid;
  const abort = (): void => interruption.abort();
  process.once('SIGTERM', abort);
  process.once('SIGINT', abort);
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    abort();
  }, 500);
  watch.unref();
  return interruption.signal;
}
