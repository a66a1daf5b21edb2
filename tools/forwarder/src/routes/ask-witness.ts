import type { Held, Witness } from '@orthanc-tools/copy-proof';
import type { There } from '../judge-instance.ts';
import type { Outgoing } from '../open-route.ts';

/** What the witness says of each instance, by Orthanc identifier; one question for each study among them. */
export async function askWitness(
  witness: Witness,
  instances: readonly Outgoing[],
  signal: AbortSignal,
): Promise<Map<string, There>> {
  const there = new Map<string, There>();
  for (const [studyId, members] of Map.groupBy(instances, (instance) => instance.studyId)) {
    const [{ identifiers }] = members as [Outgoing, ...Outgoing[]];
    const held = await witness.held({
      studyId,
      studyUid: identifiers.studyUid,
      instances: members.map(({ id, identifiers: { seriesUid, sopInstanceUid } }) => ({
        id,
        seriesUid,
        sopInstanceUid,
      })),
      signal,
    });
    for (const instance of members) there.set(instance.id, thereIn(held, instance));
  }
  return there;
}

/** Under one UID there may be several copies, of several patients: one with the same bytes counts, else the first. */
function thereIn(held: Held, { identifiers, md5 }: Outgoing): There {
  const copies = held.get(identifiers.sopInstanceUid) ?? [];
  const copy = copies.find((one) => one.md5 !== undefined && one.md5 === md5) ?? copies[0];
  if (copy === undefined || copy.isWithoutFile) return { is: 'absent' };
  return { is: 'held', md5: copy.md5, size: copy.size };
}
