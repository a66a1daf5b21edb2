import type { StoredInstance } from '@orthanc-tools/orthanc-client';

/** What both servers offer. */
export interface Routes {
  /** The source answers WADO-RS. */
  readonly retrieves: boolean;
  /** How many instances travel together: STOW-RS, a ZIP, or none. */
  readonly batches: 'stow' | 'zip' | 'none';
  /** Whatever is larger than so many bytes is streamed; without it, only what is large. */
  readonly largestPiece?: number;
}

/**
 * One way in which some instances travel: `study` and `series` are retrieved whole, by one WADO-RS request;
 * `batch` is read file by file and stored together; of `each`, every file is read and stored by requests of its own;
 * `single` streams from server to server.
 */
export type Shipment =
  | { readonly by: 'study'; readonly instances: readonly StoredInstance[] }
  | { readonly by: 'series'; readonly seriesId: string; readonly instances: readonly StoredInstance[] }
  | { readonly by: 'batch'; readonly instances: readonly StoredInstance[] }
  | { readonly by: 'each'; readonly instances: readonly StoredInstance[] }
  | { readonly by: 'single'; readonly instances: readonly [StoredInstance] };

/** Above it, an image is streamed alone: it would fill the memory of the tool, and gains nothing in a batch. */
export const largeInstance = 8 * 1024 * 1024;
/** Up to it a study is asked for at once; above it by series, so that a failure repeats less. */
export const wholeStudy = 64 * 1024 * 1024;
/** Limits of one stored batch. A destination holds the whole request in memory. */
export const batchBytes = 8 * 1024 * 1024;
export const batchParts = 100;
/**
 * Above it, bytes cost more than requests: such an image is read alone, which takes less CPU time than a part of an
 * answer does, and stored alone.
 */
const smallImage = 64 * 1024;

const totalSize = (instances: readonly StoredInstance[]) =>
  instances.reduce((sum, { size }) => sum + size, 0);
const hasLarge = (instances: readonly StoredInstance[]) => instances.some(({ size }) => size > largeInstance);

function bySeries(instances: readonly StoredInstance[]): Map<string, StoredInstance[]> {
  return Map.groupBy(instances, ({ seriesId }) => seriesId);
}

function batchesOf(instances: readonly StoredInstance[], largestBatch: number): Shipment[] {
  const batches: StoredInstance[][] = [];
  let bytes = Infinity;
  for (const instance of instances) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= batchParts || bytes + instance.size > largestBatch) {
      batches.push([instance]);
      bytes = instance.size;
    } else {
      last.push(instance);
      bytes += instance.size;
    }
  }
  return batches.map((batch) => ({ by: 'batch', instances: batch }));
}

const singly = (instances: readonly StoredInstance[]): Shipment[] =>
  instances.map((instance) => ({ by: 'single', instances: [instance] }));

function fileByFile(instances: readonly StoredInstance[], routes: Routes): Shipment[] {
  const { batches, largestPiece: largest = largeInstance } = routes;
  if (batches === 'none') return singly(instances);
  const small = instances.filter(({ size }) => size <= smallImage);
  const medium = instances.filter(({ size }) => size > smallImage && size <= largest);
  const huge = instances.filter(({ size }) => size > largest);
  const each: Shipment[] = medium.length === 0 ? [] : [{ by: 'each', instances: medium }];
  return [...batchesOf(small, Math.min(batchBytes, largest)), ...each, ...singly(huge)];
}

/**
 * How the missing instances of a study travel. `all` is what the source holds: only what is missing as a whole can be
 * retrieved as a whole.
 */
export function planShipments(
  missing: readonly StoredInstance[],
  all: readonly StoredInstance[],
  routes: Routes,
): Shipment[] {
  if (missing.length === 0) return [];
  const canRetrieve = routes.retrieves && routes.batches === 'stow';
  if (!canRetrieve) return fileByFile(missing, routes);
  const isWorthOneRequest = (instances: readonly StoredInstance[]) =>
    !hasLarge(instances) && totalSize(instances) <= smallImage * instances.length;
  if (missing.length === all.length && totalSize(all) <= wholeStudy && isWorthOneRequest(all))
    return [{ by: 'study', instances: missing }];
  const whole = bySeries(all);
  return [...bySeries(missing)].flatMap(([seriesId, instances]): Shipment[] =>
    instances.length === whole.get(seriesId)?.length && instances.length > 1 && isWorthOneRequest(instances)
      ? [{ by: 'series', seriesId, instances }]
      : fileByFile(instances, routes),
  );
}
