import type { Orthanc } from '@orthanc-tools/orthanc-client';

/** What Orthanc knows of the file of an instance. */
export interface HeldFile {
  /** Undefined where it keeps none. */
  readonly md5: string | undefined;
  /** Undefined where it was not told. */
  readonly size: number | undefined;
}

export interface Wanted {
  readonly id: string;
  /** Lets many be asked for at once. */
  readonly sopInstanceUid?: string | undefined;
}

/** A UID with a wildcard in it would find others. */
const isPlainUid = (uid: string | undefined): uid is string => uid !== undefined && /^[0-9.]+$/.test(uid);

/** What Orthanc holds of these instances, by its identifiers; those that it does not hold are left out. */
export async function lookUp(
  orthanc: Orthanc,
  wanted: readonly Wanted[],
  { canFind, signal }: { readonly canFind: boolean; readonly signal: AbortSignal },
): Promise<Map<string, HeldFile>> {
  const held = new Map<string, HeldFile>();
  const together = canFind ? wanted.filter(({ sopInstanceUid }) => isPlainUid(sopInstanceUid)) : [];
  const ids = new Set(wanted.map(({ id }) => id));
  const sopInstanceUids = [...new Set(together.map(({ sopInstanceUid }) => sopInstanceUid ?? ''))];
  for (const { id, md5, size, isWithoutFile } of await orthanc.findInstances({ sopInstanceUids, signal }))
    if (ids.has(id) && isWithoutFile !== true) held.set(id, { md5, size });
  const alone = new Set(wanted.filter((one) => !together.includes(one)).map(({ id }) => id));
  for (const id of alone) {
    const file = await lookAtOne(orthanc, id, signal);
    if (file !== undefined) held.set(id, file);
  }
  return held;
}

async function lookAtOne(orthanc: Orthanc, id: string, signal: AbortSignal): Promise<HeldFile | undefined> {
  const md5 = await orthanc.instances.md5(id, signal);
  const isHeld = md5 !== undefined || (await orthanc.instances.exists(id, signal));
  return isHeld ? { md5, size: undefined } : undefined;
}
