import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';

type Asked = Pick<Orthanc, 'call' | 'studies'>;

/**
 * Whether both hold the very same file of an image: each Orthanc names its files by chance. Two of them on one database, or one
 * on a copy of it with its storage, name it alike. Of one image, as what is one for it is one for all; false where nothing is held.
 */
export async function isSameStorage(here: Asked, there: Asked, signal: AbortSignal): Promise<boolean> {
  for await (const [study] of here.studies.list({ pageSize: 1, signal })) {
    const [instance] = study === undefined ? [] : await here.studies.instanceIds(study.id, signal);
    if (instance === undefined) return false;
    return (await isOneFile(instance, { here, there, signal })) === true;
  }
  return false;
}

interface Sides {
  readonly here: Pick<Orthanc, 'call'>;
  readonly there: Pick<Orthanc, 'call'>;
  readonly signal: AbortSignal;
}

/** Whether what both hold of this instance is one file; undefined where one of them does not hold, or does not tell, it. */
export async function isOneFile(
  instance: string,
  { here, there, signal }: Sides,
): Promise<boolean | undefined> {
  const file = await fileOf(here, instance, signal);
  const other = file === undefined ? undefined : await fileOf(there, instance, signal);
  return other === undefined ? undefined : file === other;
}

/** What Orthanc calls the file of an instance in its storage; undefined where it does not hold, or does not tell, it. */
async function fileOf(
  orthanc: Pick<Orthanc, 'call'>,
  instance: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const path = `/instances/${instance}/attachments/dicom/info`;
    const told = (await orthanc.call({ method: 'GET', path, signal })) as { readonly Uuid?: unknown } | null;
    return typeof told?.Uuid === 'string' && told.Uuid !== '' ? told.Uuid : undefined;
  } catch (error) {
    if (asFailure(error)?.code === 'ORTHANC_NOT_FOUND') return undefined;
    throw error;
  }
}
