import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Destination } from './destination.ts';
import type { InstanceMemory } from './instance-memory.ts';
import { type MadeInstance, type StudyInHand, inBatches } from './made-instance.ts';
import type { Manifest } from './open-manifest.ts';
import { turnMs } from './persistently.ts';
import { type RunTally, addFate } from './run-tally.ts';

export interface Delivery {
  readonly instances: Iterable<MadeInstance>;
  readonly destination: Destination;
  readonly manifest: Manifest | undefined;
  readonly tally: RunTally;
  readonly memory: InstanceMemory;
  readonly studies: number;
  readonly workers: number;
  readonly context: RunContext;
}

/**
 * Each worker takes the next batch when it has delivered the one before: nothing is made that nobody can send, and
 * what is made, and its order in the manifest, does not depend on the workers.
 * @returns what ended the run before its time: the tally is right all the same
 */
export async function deliverArchive(delivery: Delivery): Promise<unknown> {
  const { context, workers } = delivery;
  const stopping = new AbortController();
  const batches = inBatches(recorded(delivery), delivery.destination.batchLimits);
  const work = async (): Promise<void> => {
    for (;;) {
      if (context.signal.aborted || stopping.signal.aborted) return;
      context.health.listeners.onTurn(turnMs);
      const next = batches.next();
      if (next.done === true) return;
      await deliver(next.value, delivery);
    }
  };
  const all = Array.from({ length: workers }, () =>
    work().catch((error: unknown) => {
      stopping.abort();
      throw error;
    }),
  );
  const ends = await Promise.allSettled(all);
  context.health.listeners.onTurn(Infinity);
  const failed = ends.find((end) => end.status === 'rejected');
  // What is interrupted while it waits for a server has not failed.
  const isInterrupted = context.signal.aborted && asFailure(failed?.reason) !== undefined;
  return isInterrupted ? undefined : failed?.reason;
}

function* recorded({ instances, manifest }: Delivery): Generator<MadeInstance, void, undefined> {
  for (const made of instances) {
    manifest?.add(made);
    yield made;
  }
}

async function deliver(batch: readonly MadeInstance[], delivery: Delivery): Promise<void> {
  const { destination, tally, memory, context } = delivery;
  const fates = await destination.store(batch);
  for (const [at, made] of batch.entries()) {
    const fate = fates[at];
    if (fate === undefined) throw new TypeError('a destination must answer for each instance');
    if (typeof fate !== 'string') tellFirst(made, fate, context);
    addFate(tally, made, fate);
    context.metrics.countItem(typeof fate === 'string' ? fate : 'set-aside');
    context.metrics.addBytes(made.instance.bytes.length);
    // What was not taken may still be on its way through a socket.
    if (typeof fate === 'string') memory.release(made.instance.bytes);
    if (made.inHand.open === 0) await conclude(made.inHand, delivery);
  }
  context.progress.update({
    doneItems: tally.studies,
    totalItems: delivery.studies,
    doneParts: tally.storedInstances + tally.alreadyThereInstances + tally.setAsideInstances,
    doneBytes: tally.storedBytes,
    setAside: tally.setAsideInstances,
  });
}

/** One line per study and reason: thousands of images may be refused alike. */
function tellFirst(
  { inHand, instance }: MadeInstance,
  { code, message }: Failure,
  { log }: RunContext,
): void {
  if (inHand.reasons.has(code)) return;
  inHand.reasons.add(code);
  log.warn('instance.set_aside', {
    orthancId: instance.orthancIds().instance,
    study: inHand.orthancId,
    code,
    message,
  });
}

async function conclude(inHand: StudyInHand, { destination, tally, context }: Delivery): Promise<void> {
  tally.studies += 1;
  const { orthancId, study, stored, alreadyThere, setAside } = inHand;
  const facts = { orthancId, series: study.series.length, stored, alreadyThere, setAside };
  if (stored + alreadyThere === 0) {
    context.log.error('study.set_aside', facts);
    return;
  }
  try {
    const labels = await destination.complete(inHand);
    tally.labels += labels;
    context.log[setAside === 0 ? 'info' : 'warn']('study.made', { ...facts, labels });
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run' || context.signal.aborted) throw error;
    tally.unfinishedStudies += 1;
    context.log.error('study.unfinished', { ...facts, code: failure.code });
  }
}
