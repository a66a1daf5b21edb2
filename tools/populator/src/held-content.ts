import { hashInstance } from '@orthanc-tools/copy-proof';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { MadeInstance } from './made-instance.ts';

const idOf = ({ instance }: MadeInstance): string => instance.orthancIds().instance;

/**
 * The MD5 of what Orthanc holds of these instances, by its identifiers. Where it keeps none, the file is read.
 * @param canFind whether the server tells of many at once
 */
export async function md5sOfHeld(
  orthanc: Orthanc,
  instances: readonly MadeInstance[],
  canFind: boolean,
): Promise<ReadonlyMap<string, string>> {
  const told = canFind && instances.length > 1 ? await toldTogether(orthanc, instances) : undefined;
  const held = new Map<string, string>();
  for (const made of instances) {
    const id = idOf(made);
    held.set(id, told?.get(id) ?? (await orthanc.instances.md5(id)) ?? (await hashInstance(orthanc, { id })));
  }
  return held;
}

/** Others may have the same SOPInstanceUID: they have other identifiers. */
async function toldTogether(
  orthanc: Orthanc,
  instances: readonly MadeInstance[],
): Promise<Map<string, string>> {
  const uids = new Set(instances.map(({ instance }) => instance.identifiers.sopInstanceUid));
  const found = await orthanc.findInstances({ sopInstanceUids: [...uids] });
  return new Map(found.flatMap(({ id, md5 }) => (md5 === undefined ? [] : [[id, md5] as const])));
}
