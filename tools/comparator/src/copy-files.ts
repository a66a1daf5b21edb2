import { type Orthanc, type StoredInstance, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Item } from './item.ts';
import { type RepairStep, bear } from './repair.ts';

/** Between two Orthancs: each file as it is, from the one that has it to the one that misses it. All items go one way. */
export async function copyFiles({ items, sides, context }: RepairStep): Promise<void> {
  const { orthanc, other } = sides;
  const [first] = items;
  if (other === undefined || first === undefined) return;
  const [from, to] = first.state === 'onlyInOrthanc' ? [orthanc, other] : [other, orthanc];
  const held = await from.findInstances({
    studyUids: [first.studyInstanceUid],
    include: ['identifiers'],
    signal: context.signal,
  });
  for (const instance of held)
    if (items.some((item) => isOf(instance, item)))
      await bear({ context }, () => copyFile(instance.id, from, to, context.signal));
}

const isOf = ({ identifiers }: StoredInstance, { seriesInstanceUid, sopInstanceUid }: Item): boolean =>
  (seriesInstanceUid === undefined || seriesInstanceUid === identifiers?.seriesUid) &&
  (sopInstanceUid === undefined || sopInstanceUid === identifiers?.sopInstanceUid);

async function copyFile(id: string, from: Orthanc, to: Orthanc, signal: AbortSignal): Promise<void> {
  const file = await from.instances.openFile(id, signal);
  const [receipt] = await to.instances.store(file, signal);
  const refusal = receipt && refusalIn(receipt);
  if (refusal !== undefined) throw refusal;
}
