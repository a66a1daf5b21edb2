import { type Failure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type Orthanc, type StoreReceipt, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Destination, Fate } from './destination.ts';
import type { Addition } from './additions.ts';
import { isProtected } from './is-protected.ts';
import { labelsOf } from './labels-of.ts';
import { type MadeInstance, type StudyInHand, patientIdOf } from './made-instance.ts';
import { type Persistence, persistently } from './persistently.ts';
import type { PopulatorOptions } from './options.ts';

interface Surroundings {
  readonly options: PopulatorOptions;
  readonly persistence: Persistence;
  readonly additions: readonly Addition[];
  /** Older servers have no labels. */
  readonly hasLabels: boolean;
  /** So that waiting for an answer costs more than storing. */
  readonly isFar: boolean;
}

/** Orthanc spends nearly twice the CPU on a member of a ZIP that it spends on the same file by itself. */
const alone = { instances: 1, bytes: Infinity };
/** Yet together they cost one round trip. */
const together = { instances: 100, bytes: 1024 * 1024 };

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
  const { persistence } = surroundings;
  const persist = <Value>(action: () => Promise<Value>) => persistently(action, persistence);

  const storeAlone = async (made: MadeInstance): Promise<Fate> => {
    try {
      return fateOf((await persist(() => orthanc.instances.store(made.instance.bytes)))[0], made);
    } catch (error) {
      return itsOwn(error, persistence);
    }
  };
  /** What a ZIP's answer does not speak of is sent alone: then it shows why. */
  const storeTogether = async (batch: readonly MadeInstance[]): Promise<readonly Fate[]> => {
    const files = batch.map(({ instance: { bytes } }) => ({ chunks: [bytes], length: bytes.length }));
    const receipts = await persist(() => orthanc.instances.storeZip(files)).catch((error: unknown) => {
      itsOwn(error, persistence);
      return [];
    });
    const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
    const fates: Fate[] = [];
    for (const made of batch) {
      const receipt = byId.get(made.instance.orthancIds().instance);
      fates.push(receipt === undefined ? await storeAlone(made) : fateOf(receipt, made));
    }
    return fates;
  };
  return {
    batchLimits: surroundings.isFar ? together : alone,
    store: async (batch) => {
      const [only, ...others] = batch;
      if (only === undefined) return [];
      return others.length === 0 ? [await storeAlone(only)] : storeTogether(batch);
    },
    complete: (study) => complete(study, { ...surroundings, orthanc, persist }),
    [Symbol.asyncDispose]: () => orthanc[Symbol.asyncDispose](),
  };
}

/** A failure that concerns this upload only. @throws what concerns the whole run, and defects */
function itsOwn(error: unknown, { context }: Persistence): Failure {
  const failure = asFailure(error);
  if (failure === undefined || failure.scope === 'run' || context.signal.aborted) throw error;
  return failure;
}

interface Completion extends Surroundings {
  readonly orthanc: Orthanc;
  readonly persist: <Value>(action: () => Promise<Value>) => Promise<Value>;
}

async function complete(study: StudyInHand, completion: Completion): Promise<number> {
  const { orthanc, options, additions, hasLabels, persist } = completion;
  const labels = hasLabels ? labelsOf(study.study.index, options) : [];
  const resource = { level: 'studies', id: study.orthancId } as const;
  for (const label of labels) await persist(() => orthanc.labels.put(resource, label));
  for (const addition of additions) await persist(() => add(addition, study, orthanc));
  if (isProtected(study.study.patient.patientId, options)) await persist(() => protect(study, orthanc));
  return labels.length;
}

/** Harmless where the same is there already. */
async function add(
  { kind, name, content }: Addition,
  { orthancId }: StudyInHand,
  orthanc: Orthanc,
): Promise<void> {
  const path = `/studies/${orthancId}/${kind}/${encodeURIComponent(name)}`;
  const route = `/studies/{id}/${kind}/{name}`;
  await orthanc.call({ method: 'PUT', path, route, content, isPlainText: true });
}

/** From being deleted when Orthanc's storage is full. */
async function protect({ study }: StudyInHand, orthanc: Orthanc): Promise<void> {
  const path = `/patients/${patientIdOf(study)}/protected`;
  const route = '/patients/{id}/protected';
  await orthanc.call({ method: 'PUT', path, route, content: '1', isPlainText: true });
}
