import type { Held, HeldCopy, Witness } from '@orthanc-tools/copy-proof';
import type { There } from '../judge-instance.ts';
import type { Made, Outgoing } from '../open-route.ts';

/** What the witness says of each instance, by Orthanc identifier; one question for each study among them. */
export async function askWitness(
  witness: Witness,
  instances: readonly Outgoing[],
  signal: AbortSignal,
): Promise<Map<string, There>> {
  const there = new Map<string, There>();
  const asked = instances.map((instance) => ({ instance, remote: atRemote(instance) }));
  for (const [studyId, members] of Map.groupBy(asked, ({ remote }) => remote.studyId)) {
    const [{ remote }] = members as [Asked, ...Asked[]];
    const newSeries = new Set<string>();
    const held = await witness.held({
      studyId,
      studyUid: remote.studyUid,
      instances: members.map(({ remote: { id, seriesUid, sopInstanceUid } }) => ({
        id,
        seriesUid,
        sopInstanceUid,
      })),
      onNewSeries: (uid) => newSeries.add(uid),
      signal,
    });
    for (const one of members) there.set(one.instance.id, thereIn(held, newSeries, one.remote));
  }
  return there;
}

type Remote = Omit<Made, 'md5' | 'size'> & Pick<Outgoing, 'md5'>;

interface Asked {
  readonly instance: Outgoing;
  readonly remote: Remote;
}

/** What the remote was sent, or is to be sent. */
const atRemote = ({ made, id, studyId, md5, identifiers }: Outgoing): Remote =>
  made ?? { id, studyId, md5, ...identifiers };

/**
 * Under one UID there may be several copies, of several patients: one with the same bytes counts, else the one of the same
 * Orthanc ID, else the first. Where no MD5 tells that this is another, it is another still, and the instance is not there.
 */
function thereIn(
  held: Held,
  newSeries: ReadonlySet<string>,
  { id, seriesUid, sopInstanceUid, md5 }: Remote,
): There {
  const copies = held.get(sopInstanceUid) ?? [];
  const copy =
    copies.find((one) => one.md5 !== undefined && one.md5 === md5) ??
    copies.find((one) => one.id === id) ??
    copies[0];
  if (copy === undefined || copy.isWithoutFile || isUntoldOther(copy, { id, md5 }))
    return { is: 'absent', ...(newSeries.has(seriesUid) && { isOfNewSeries: true }) };
  return { is: 'held', md5: copy.md5, size: copy.size };
}

/** Only an Orthanc tells an ID. */
const isUntoldOther = (copy: HeldCopy, { id, md5 }: Pick<Remote, 'id' | 'md5'>): boolean =>
  copy.id !== undefined && copy.id !== id && (copy.md5 === undefined || md5 === undefined);
