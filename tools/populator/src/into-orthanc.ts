import { type Failure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type Orthanc, type StoreReceipt, type SystemFacts, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Addition } from './additions.ts';
import { completeStudy } from './complete-study.ts';
import type { Destination, Fate } from './destination.ts';
import { md5sOfHeld } from './held-content.ts';
import type { MadeInstance } from './made-instance.ts';
import type { PopulatorOptions } from './options.ts';
import { type Persistence, persistently } from './persistently.ts';

interface Surroundings {
  readonly options: PopulatorOptions;
  readonly persistence: Persistence;
  readonly additions: readonly Addition[];
  readonly facts: Pick<SystemFacts, 'hasLabels' | 'hasExtendedFind' | 'ingestTranscoding'>;
  /** So that waiting for an answer costs more than storing. */
  readonly isFar: boolean;
}

/** Orthanc spends nearly twice the CPU on a member of a ZIP that it spends on the same file by itself. */
const alone = { instances: 1, bytes: Infinity };
/** Yet together they cost one round trip. */
const together = { instances: 100, bytes: 1024 * 1024 };

/** What is converted on arrival never has the bytes that were sent. */
export const keepsBytes = ({ ingestTranscoding }: Pick<SystemFacts, 'ingestTranscoding'>): boolean =>
  ingestTranscoding === undefined || ingestTranscoding === '';

/** An HTTP success is not yet "stored": the receipt says what is, and under which identifier. */
function fateOf(receipt: StoreReceipt | undefined, { instance }: MadeInstance): Fate {
  if (receipt === undefined)
    return permanentFailure('ORTHANC_NO_RECEIPT', 'The server did not say what became of the instance.');
  const refusal: Failure | undefined = refusalIn(receipt);
  if (refusal !== undefined) return refusal;
  if (receipt.id !== instance.orthancIds().instance)
    return permanentFailure('STORED_UNDER_ANOTHER_ID', 'The server changed the identifiers of the instance.');
  return receipt.status === 'AlreadyStored' ? 'alreadyThere' : 'stored';
}

export function intoOrthanc(orthanc: Orthanc, surroundings: Surroundings): Destination {
  const { persistence, facts } = surroundings;
  const persist = <Value>(action: () => Promise<Value>) => persistently(action, persistence);
  const upload = { orthanc, persistence, persist, facts };
  return {
    batchLimits: surroundings.isFar ? together : alone,
    store: async (batch) => {
      const [only, ...others] = batch;
      if (only === undefined) return [];
      const fates =
        others.length === 0 ? [await storeAlone(only, upload)] : await storeTogether(batch, upload);
      return compared(batch, fates, upload);
    },
    complete: (study) => completeStudy(study, { ...surroundings, ...facts, orthanc, persist }),
    [Symbol.asyncDispose]: () => orthanc[Symbol.asyncDispose](),
  };
}

interface Upload extends Pick<Surroundings, 'persistence' | 'facts'> {
  readonly orthanc: Orthanc;
  readonly persist: <Value>(action: () => Promise<Value>) => Promise<Value>;
}

async function storeAlone(made: MadeInstance, { orthanc, persistence, persist }: Upload): Promise<Fate> {
  try {
    return fateOf((await persist(() => orthanc.instances.store(made.instance.bytes)))[0], made);
  } catch (error) {
    return itsOwn(error, persistence);
  }
}

/** What a ZIP's answer does not speak of is sent alone: then it shows why. */
async function storeTogether(batch: readonly MadeInstance[], upload: Upload): Promise<readonly Fate[]> {
  const { orthanc, persistence, persist } = upload;
  const files = batch.map(({ instance: { bytes } }) => ({ chunks: [bytes], length: bytes.length }));
  const receipts = await persist(() => orthanc.instances.storeZip(files)).catch((error: unknown) => {
    itsOwn(error, persistence);
    return [];
  });
  const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  const fates: Fate[] = [];
  for (const made of batch) {
    const receipt = byId.get(made.instance.orthancIds().instance);
    fates.push(receipt === undefined ? await storeAlone(made, upload) : fateOf(receipt, made));
  }
  return fates;
}

/** Identifiers follow from the seed alone, bytes from all options: what was there before may be something else. */
async function compared(
  batch: readonly MadeInstance[],
  fates: readonly Fate[],
  { orthanc, persistence, persist, facts }: Upload,
): Promise<readonly Fate[]> {
  const before = batch.filter((_, at) => fates[at] === 'alreadyThere');
  if (before.length === 0 || !keepsBytes(facts)) return fates;
  try {
    const held = await persist(() => md5sOfHeld(orthanc, before, facts.hasExtendedFind));
    return fates.map((fate, at) => {
      const instance = batch[at]?.instance;
      if (fate !== 'alreadyThere' || instance === undefined) return fate;
      return held.get(instance.orthancIds().instance) === instance.md5() ? fate : conflict();
    });
  } catch (error) {
    const failure = itsOwn(error, persistence);
    return fates.map((fate) => (fate === 'alreadyThere' ? failure : fate));
  }
}

const conflict = (): Failure =>
  permanentFailure('CONTENT_CONFLICT', 'Orthanc holds other content under the same identifiers.');

/** A failure that concerns this upload only. @throws what concerns the whole run, and defects */
function itsOwn(error: unknown, { context }: Persistence): Failure {
  const failure = asFailure(error);
  if (failure === undefined || failure.scope === 'run' || context.signal.aborted) throw error;
  return failure;
}
