import { askOrthanc } from './ask-orthanc.ts';
import type { OrthancAddress } from './ask-orthanc.ts';
import { inParallel } from './in-parallel.ts';

export interface SeedReport {
  readonly instances: number;
  readonly bytes: number;
}

/** Uploads DICOM files, eight at a time. @throws Error when Orthanc does not store one of them */
export async function seedOrthanc(
  orthanc: OrthancAddress,
  files: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<SeedReport> {
  let instances = 0;
  let bytes = 0;
  await inParallel(files, 8, async (file) => {
    const answer = await askOrthanc(orthanc, '/instances', { method: 'POST', body: new Uint8Array(file) });
    const { Status: status } = (await answer.json()) as { Status?: string };
    if (status !== 'Success' && status !== 'AlreadyStored')
      throw new Error(`Seeding: Orthanc answered ${String(status)}`);
    instances += 1;
    bytes += file.length;
  });
  return { instances, bytes };
}
