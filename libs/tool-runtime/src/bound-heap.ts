import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';

const enoughBytes = 16 * 1024 * 1024;

const growth = '--semi-space-growth-factor=2';
const noGrowth = '--semi-space-growth-factor=1';

/** So much (per cent of what is alive) may become garbage in the old generation before it is collected. */
const oldGarbage = '--heap-growing-percent=25';

/**
 * Keeps V8 from taking ever more memory that nothing alive needs, without a bound on what may be alive.
 *
 * The young generation V8 doubles each time as much has survived collections as it is large, however long that took: a run of hours ends
 * with some 100 MB of it, a short one with 8, and both need the same. A bound can otherwise only be set on Node's
 * command line, where an npm command has none that works everywhere (`env -S` is unknown to Alpine's).
 *
 * The old generation may by itself grow to several times what is alive in it before it is collected. A collection of what
 * these tools hold takes some 20 ms, one every few seconds.
 */
export function boundHeap(): void {
  v8.setFlagsFromString(oldGarbage);
  let set = growth;
  const observer = new PerformanceObserver(() => {
    // In quiet times V8 makes it smaller again, and the next busy one needs it as large as before.
    const wanted = youngGenerationBytes() < enoughBytes ? growth : noGrowth;
    if (wanted === set) return;
    v8.setFlagsFromString(wanted);
    set = wanted;
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngGenerationBytes(): number {
  return v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
