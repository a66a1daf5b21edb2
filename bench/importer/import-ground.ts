import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import type { Testbed } from '@orthanc-tools/orthanc-testbed';
import type { DataSet } from '../measure/data-set.ts';
import type { UploadGround } from '../measure/measure-upload.ts';
import type { Files } from '../measure/upload-ways.ts';

/** What every import of one data set starts from. */
export interface ImportGround extends UploadGround {
  readonly folder: string;
  /** The same bytes in memory, in the same order. */
  readonly files: Files;
}

export interface GroundRequest {
  readonly testbed: Testbed;
  readonly signal: AbortSignal;
  /** Without, for a data set that is larger than it is wise to hold. */
  readonly holdsFiles: boolean;
}

/** A folder with the data set, one folder below it for each study; disposing removes it. */
export async function prepareImportGround(
  set: DataSet,
  { testbed, signal, holdsFiles }: GroundRequest,
): Promise<ImportGround & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-import-'));
  const files: Buffer[] = [];
  const expected = new Map<string, { md5: string; bytes: number; sha256: undefined }>();
  let [study, bytes] = [0, 0];
  for (const made of synthesizeArchive({ seed: 'bench', modalities: ['CT'], ...set })) {
    signal.throwIfAborted();
    const below = join(folder, `study${String((study += 1))}`);
    await mkdir(below);
    let image = 0;
    for (const instance of made.instances()) {
      await writeFile(join(below, `image${String((image += 1))}.dcm`), instance.bytes);
      if (holdsFiles) files.push(Buffer.from(instance.bytes));
      expected.set(instance.orthancIds().instance, {
        md5: createHash('md5').update(instance.bytes).digest('hex'),
        bytes: instance.bytes.length,
        sha256: undefined,
      });
      bytes += instance.bytes.length;
    }
  }
  return {
    ...{ testbed, folder, files, expected, bytes, signal },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export function describeImportGround(set: DataSet, { expected, bytes }: ImportGround): string {
  const each = bytes / expected.size;
  const size = each < 100_000 ? `${(each / 1000).toFixed(1)} KB` : `${(each / 1e6).toFixed(2)} MB`;
  return `${set.name}: ${expected.size.toLocaleString('en')} files of ${size} in ${String(set.studies)} studies of ${String(set.seriesPerStudy)} series`;
}
