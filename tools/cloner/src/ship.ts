import { sideBySide } from '@orthanc-tools/failures';
import {
  type MultipartPart,
  type StoredInstance,
  type StudyHead,
  splitMultipart,
} from '@orthanc-tools/orthanc-client';
import { gatherBatches } from './gather-batches.ts';
import { type Shipment, batchBytes, batchParts } from './plan-shipments.ts';
import { readFile, streamFile } from './move-file.ts';
import type { StudyLine } from './storing-line.ts';
import type { Crossing } from './study-view.ts';
import type { Tempo } from './tempo.ts';

export interface ShipContext extends Crossing {
  readonly tempo: Tempo;
  readonly line: StudyLine;
}

/** Reads one shipment and hands it to the line; what fails is told to the line, and the rest goes on. */
export async function ship(shipment: Shipment, study: StudyHead, context: ShipContext): Promise<void> {
  try {
    if (shipment.by === 'single') await streamSingle(shipment.instances[0], context);
    else if (shipment.by === 'each') await readInTurn(shipment.instances, context);
    else if (shipment.by !== 'batch') await retrieveWhole(shipment, study, context);
    else if (context.tempo.isNear) await readEach(shipment.instances, context);
    else await readTogether(shipment.instances, context);
  } catch (error) {
    context.line.fail(error);
  }
}

/** Streams one instance from server to server. */
async function streamSingle(
  instance: StoredInstance,
  { lanes, tempo, tell, signal }: ShipContext,
): Promise<void> {
  await tempo.stores.spend(1, () => streamFile(instance, lanes, signal));
  tell({ parts: 1, bytes: instance.size });
}

/** One WADO-RS answer, cut at its parts while it streams, stored in batches while it goes on. */
async function retrieveWhole(
  shipment: Extract<Shipment, { by: 'study' | 'series' }>,
  study: StudyHead,
  { lanes, tempo, line, signal }: ShipContext,
): Promise<void> {
  const { source, sourceWeb, budget } = lanes;
  if (sourceWeb === undefined) throw new Error('a shipment was planned for a route that is not there');
  const studyUid = study.uid ?? (await source.studies.uid(study.id, signal));
  const seriesUid = shipment.by === 'series' ? await source.series.uid(shipment.seriesId, signal) : undefined;
  const { boundary, body } = await sourceWeb.retrieve({ studyUid, seriesUid }, signal);
  const limits = { bytes: batchBytes, parts: tempo.isNear ? 1 : batchParts, budget };
  const batches = gatherBatches(limits, (batch) => line.ship(batch));
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

/** Reads the files of one batch side by side, and stores them together. */
async function readTogether(
  instances: readonly StoredInstance[],
  { lanes, tempo, line, signal }: ShipContext,
): Promise<void> {
  const bytes = instances.reduce((sum, { size }) => sum + size, 0);
  await lanes.budget.take(bytes);
  const parts: MultipartPart[] = [];
  await sideBySide(instances, tempo.atOnce, async (instance) => {
    try {
      await tempo.reads.spend(1, async () => {
        if (!line.isOver) parts.push(await readFile(instance, lanes, signal));
      });
    } catch (error) {
      line.fail(error);
    }
  });
  if (parts.length === 0) lanes.budget.give(bytes);
  else await line.ship({ parts, bytes });
}

/** Once there is room among the files that are begun. */
const readInTurn = (instances: readonly StoredInstance[], context: ShipContext): Promise<void> => {
  const { begun, atOnce } = context.tempo;
  return begun.spend(Math.min(atOnce, instances.length), () => readEach(instances, context));
};

/** Reads files side by side, and stores each as soon as it is there. */
async function readEach(
  instances: readonly StoredInstance[],
  { lanes, tempo, line, signal }: ShipContext,
): Promise<void> {
  const { budget } = lanes;
  await sideBySide(instances, tempo.atOnce, async (instance) => {
    const { size } = instance;
    if (line.isOver) return;
    await budget.take(size);
    let part: MultipartPart;
    try {
      part = await tempo.reads.spend(1, () => readFile(instance, lanes, signal));
    } catch (error) {
      budget.give(size);
      line.fail(error);
      return;
    }
    await line.ship({ parts: [part], bytes: size });
  });
}
