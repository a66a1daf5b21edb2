import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Held, HeldCopy, HeldQuestion, Witness } from './witness.ts';

/** An Orthanc whose REST API is at hand: a peer, or what the transfers accelerator sends to. */
export function askOrthanc(destination: Orthanc): Witness {
  let canFindByUid: Promise<boolean> | undefined;
  const findsByUid = () =>
    (canFindByUid ??= destination.system().then(
      ({ hasExtendedFind }) => hasExtendedFind,
      (error: unknown) => {
        canFindByUid = undefined;
        throw error;
      },
    ));
  return {
    kind: 'orthanc',
    probe: async (signal) => {
      await destination.system(signal);
      return 'hash';
    },
    held: async (question) =>
      (await findsByUid()) ? heldByUid(destination, question) : heldById(destination, question),
  };
}

const copyOf = ({ id, md5, size, isWithoutFile }: StoredInstance): HeldCopy => ({
  id,
  md5,
  size,
  isWithoutFile,
});

/** By UID: a copy that lies under another patient there is found, and told to be another. */
async function heldByUid(destination: Orthanc, question: HeldQuestion): Promise<Held> {
  const { studyUid, instances, signal } = question;
  const asked = new Set(instances.map(({ sopInstanceUid }) => sopInstanceUid));
  const held = new Map<string, HeldCopy[]>();
  const found = await destination.findInstances({ studyUids: [studyUid], include: ['identifiers'], signal });
  for (const instance of found) {
    const uid = instance.identifiers?.sopInstanceUid;
    if (uid === undefined || !asked.has(uid)) continue;
    held.set(uid, [...(held.get(uid) ?? []), copyOf(instance)]);
  }
  tellNewSeries(question, found);
  return held;
}

function tellNewSeries({ instances, onNewSeries }: HeldQuestion, found: readonly StoredInstance[]): void {
  // Without its identifiers an instance may be of any series.
  if (onNewSeries === undefined || found.some(({ identifiers }) => identifiers === undefined)) return;
  const held = new Set(found.map(({ identifiers }) => identifiers?.seriesUid));
  for (const { seriesUid } of instances) if (!held.has(seriesUid)) onNewSeries(seriesUid);
}

/** Before 1.12.5: by Orthanc's identifiers, which every Orthanc computes from the same four of DICOM. */
async function heldById(destination: Orthanc, question: HeldQuestion): Promise<Held> {
  const { studyId, instances, signal } = question;
  const found = new Map((await destination.studies.instances(studyId, signal)).map((one) => [one.id, one]));
  const held = new Map<string, HeldCopy[]>();
  for (const { id, sopInstanceUid } of instances) {
    const instance = found.get(id);
    if (instance !== undefined) held.set(sopInstanceUid, [copyOf(instance)]);
  }
  return held;
}
