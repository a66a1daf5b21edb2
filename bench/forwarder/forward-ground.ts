import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, type Testbed, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { DataSet } from '../measure/data-set.ts';
import { untilQuiet } from '../measure/until-quiet.ts';

/** Name of the destination in the inbox: as modality, as peer and as DICOMweb server. */
export const alias = 'destination';

/** What every forwarding of one data set starts from. */
export interface ForwardGround {
  readonly testbed: Testbed;
  readonly inbox: RunningOrthanc;
  /** The same files on disk. */
  readonly folder: string;
  /** Orthanc identifiers of everything in it. */
  readonly expected: ReadonlySet<string>;
  readonly bytes: number;
  readonly signal: AbortSignal;
  /** Puts into the inbox what it no longer holds, and lets it come to rest. */
  refill(): Promise<void>;
}

interface GroundRequest {
  readonly testbed: Testbed;
  readonly signal: AbortSignal;
}

/** An inbox that holds the data set, calls studies stable after a second and has come to rest; disposing ends it. */
export async function prepareForwardGround(
  set: DataSet,
  { testbed, signal }: GroundRequest,
): Promise<ForwardGround & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const inbox = stack.use(await testbed.startOrthanc({ name: 'source', configuration: { StableAge: 1 } }));
  const folder = await mkdtemp(join(tmpdir(), 'bench-forward-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const expected = new Set<string>();
  let bytes = 0;
  for (const instance of instancesOf(set)) {
    signal.throwIfAborted();
    expected.add(instance.orthancIds().instance);
    bytes += instance.bytes.length;
    await writeFile(join(folder, `image${String(expected.size)}.dcm`), instance.bytes);
  }
  const refill = async () => {
    function* files(): Generator<Uint8Array> {
      for (const { bytes: file } of instancesOf(set)) yield file;
    }
    await seedOrthanc(inbox, files());
    await untilQuiet(inbox, signal);
  };
  await refill();
  const kept = stack.move();
  return {
    ...{ testbed, inbox, folder, expected, bytes, signal, refill },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function* instancesOf(set: DataSet) {
  for (const study of synthesizeArchive({ seed: 'bench', modalities: ['CT'], ...set }))
    yield* study.instances();
}

export function describeForwardGround(set: DataSet, { expected, bytes, inbox }: ForwardGround): string {
  const each = bytes / expected.size;
  const size = each < 100_000 ? `${(each / 1000).toFixed(1)} KB` : `${(each / 1e6).toFixed(2)} MB`;
  return `${set.name}: ${expected.size.toLocaleString('en')} instances of ${size} in ${String(set.studies)} studies; Orthanc ${inbox.version}`;
}
