import { type Failure, asFailure } from '@orthanc-tools/failures';
import {
  type DicomWeb,
  type MultipartPart,
  type Orthanc,
  type StoredInstance,
  splitMultipart,
} from '@orthanc-tools/orthanc-client';
import type { ByteBudget } from './byte-budget.ts';
import { type Batch, gatherBatches } from './gather-batches.ts';
import { type Routes, type Shipment, batchBytes, batchParts } from './plan-shipments.ts';

/** The two servers, what they offer, and the memory that all copies share. */
export interface Lanes {
  readonly source: Orthanc;
  readonly destination: Orthanc;
  readonly sourceWeb: DicomWeb | undefined;
  readonly destinationWeb: DicomWeb | undefined;
  readonly routes: Routes;
  readonly budget: ByteBudget;
}

/** How many batches of one shipment are on their way to the destination while the next is being read. */
const batchesInFlight = 3;
const readsAtOnce = 4;

/**
 * Sends one shipment. Nothing is called stored here: what arrived is told by the destination afterwards. A batch that
 * fails does not stop the others; the first failure is given back. A failure of scope `run` is thrown.
 */
export async function ship(shipment: Shipment, studyId: string, lanes: Lanes): Promise<Failure | undefined> {
  const line = storingLine(lanes);
  try {
    if (shipment.by === 'single') await streamSingle(shipment.instances[0], lanes);
    else if (shipment.by === 'batch') await readFiles(shipment.instances, lanes, line);
    else await retrieveWhole(shipment, studyId, { lanes, line });
  } catch (error) {
    line.fail(error);
  }
  return line.finished();
}

/** Streams one instance from server to server. */
async function streamSingle({ id }: StoredInstance, { source, destination }: Lanes): Promise<void> {
  await destination.instances.store(await source.instances.openFile(id));
}

interface StoringLine {
  ship(batch: Batch): Promise<void>;
  fail(error: unknown): void;
  finished(): Promise<Failure | undefined>;
}

function storingLine(lanes: Lanes): StoringLine {
  const inFlight = new Set<Promise<void>>();
  let first: Failure | undefined;
  let fatal: { readonly error: unknown } | undefined;
  const fail = (error: unknown) => {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') fatal ??= { error };
    else first ??= failure;
  };
  const throwFatal = () => {
    if (fatal !== undefined) throw fatal.error;
  };
  return {
    fail,
    async ship(batch) {
      if (inFlight.size >= batchesInFlight) await Promise.race(inFlight);
      if (fatal !== undefined) lanes.budget.give(batch.bytes);
      throwFatal();
      const storing: Promise<void> = storeTogether(batch.parts, lanes)
        .catch(fail)
        .finally(() => {
          lanes.budget.give(batch.bytes);
          inFlight.delete(storing);
        });
      inFlight.add(storing);
    },
    async finished() {
      await Promise.all(inFlight);
      throwFatal();
      return first;
    },
  };
}

async function storeTogether(
  parts: readonly MultipartPart[],
  { destination, destinationWeb }: Lanes,
): Promise<void> {
  if (destinationWeb !== undefined) await destinationWeb.store(parts);
  else await destination.instances.storeZip(parts);
}

/** One WADO-RS answer, cut at its parts while it streams, stored in batches while it goes on. */
async function retrieveWhole(
  shipment: Extract<Shipment, { by: 'study' | 'series' }>,
  studyId: string,
  { lanes, line }: { readonly lanes: Lanes; readonly line: StoringLine },
): Promise<void> {
  const { source, sourceWeb, budget } = lanes;
  if (sourceWeb === undefined) throw new Error('a shipment was planned for a route that is not there');
  const studyUid = await source.studies.uid(studyId);
  const seriesUid = shipment.by === 'series' ? await source.series.uid(shipment.seriesId) : undefined;
  const { boundary, body } = await sourceWeb.retrieve({ studyUid, seriesUid });
  const batches = gatherBatches({ bytes: batchBytes, parts: batchParts, budget }, (batch) =>
    line.ship(batch),
  );
  let admitted = 0;
  const admit = async (length: number) => {
    await batches.admit(length);
    admitted = length;
  };
  try {
    for await (const part of splitMultipart(body, boundary, admit)) {
      admitted = 0;
      batches.add(part);
    }
    await batches.flush();
  } catch (error) {
    batches.abandon(admitted);
    throw error;
  }
}

/** Reads the files of one batch side by side and stores them together. */
async function readFiles(
  instances: readonly StoredInstance[],
  lanes: Lanes,
  line: StoringLine,
): Promise<void> {
  const bytes = instances.reduce((sum, { size }) => sum + size, 0);
  await lanes.budget.take(bytes);
  const parts: MultipartPart[] = [];
  const queue = instances.values();
  const reader = async () => {
    for (const { id } of queue) {
      try {
        parts.push(await lanes.source.instances.readFile(id));
      } catch (error) {
        line.fail(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(readsAtOnce, instances.length) }, reader));
  if (parts.length === 0) lanes.budget.give(bytes);
  else await line.ship({ parts, bytes });
}
