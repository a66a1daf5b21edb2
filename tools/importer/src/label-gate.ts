import { asFailure } from '@orthanc-tools/failures';
import { type Orthanc, type StoreReceipt, refusalIn } from '@orthanc-tools/orthanc-client';

/** Lets images of a study pass only when the study has its labels. */
export interface LabelGate {
  /** Stores an image: the first one of a study alone, and the labels at once after it; others wait for that. */
  store(
    studyId: string | undefined,
    store: () => Promise<StoreReceipt | undefined>,
  ): Promise<StoreReceipt | undefined>;
  /** Whether images of the study need not wait, nor be waited for. */
  isOpen(studyId: string): boolean;
  /** For a study that is there already. */
  label(studyId: string): Promise<void>;
  /** A study may have been deleted since, with its labels: each is labelled again before more is sent to it. */
  forget(): void;
}

/**
 * Only a study that exists can have a label. So its first image is stored alone and labelled before any other is sent;
 * a study that is there already, as when a run died in between, is labelled before anything is sent to it.
 */
const mostKnown = 100_000;

export function labelGate(
  orthanc: { readonly labels: Pick<Orthanc['labels'], 'put'> },
  labels: readonly string[],
): LabelGate {
  const labelled = new Set<string>();
  const begun = new Map<string, Promise<unknown>>();

  async function put(studyId: string): Promise<void> {
    for (const label of labels) await orthanc.labels.put({ level: 'studies', id: studyId }, label);
    // Labels may be put again at no harm; without a limit, a folder that is watched would fill the memory.
    if (labelled.size >= mostKnown) labelled.clear();
    labelled.add(studyId);
  }
  /** Whether the study was there to be labelled. */
  async function putWhereThere(studyId: string): Promise<boolean> {
    try {
      await put(studyId);
      return true;
    } catch (error) {
      if (asFailure(error)?.code !== 'ORTHANC_NOT_FOUND') throw error;
      return false;
    }
  }
  async function alone<Result>(studyId: string, work: () => Promise<Result>): Promise<Result> {
    for (let other = begun.get(studyId); other !== undefined; other = begun.get(studyId))
      await other.catch(() => undefined);
    const working = work().finally(() => begun.delete(studyId));
    begun.set(studyId, working);
    return working;
  }
  async function storeFirst(store: () => Promise<StoreReceipt | undefined>) {
    const receipt = await store();
    const isStored = receipt !== undefined && refusalIn(receipt) === undefined;
    if (isStored && receipt.studyId !== undefined) await put(receipt.studyId);
    return receipt;
  }
  return {
    async store(studyId, store) {
      if (labels.length === 0 || (studyId !== undefined && labelled.has(studyId))) return store();
      if (studyId === undefined) return storeFirst(store);
      const first = await alone(studyId, async () =>
        labelled.has(studyId) || (await putWhereThere(studyId))
          ? 'none'
          : { receipt: await storeFirst(store) },
      );
      return first === 'none' ? store() : first.receipt;
    },
    forget: () => labelled.clear(),
    isOpen: (studyId) => labels.length === 0 || labelled.has(studyId),
    async label(studyId) {
      if (labels.length === 0 || labelled.has(studyId)) return;
      await alone(studyId, () => (labelled.has(studyId) ? Promise.resolve(true) : putWhereThere(studyId)));
    },
  };
}
