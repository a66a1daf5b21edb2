import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SyntheticStudy, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, type Testbed, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { dataSet } from '../measure/data-set.ts';
import { fillLarge } from '../measure/fill-large.ts';
import { untilQuiet } from '../measure/until-quiet.ts';

/** What each deletion starts from: the same archive, anew. */
export interface CleanGround {
  readonly orthanc: RunningOrthanc;
  /** Of the rules, the ledger and the report. */
  readonly folder: string;
  /** Orthanc's identifiers of the instances that are due, study by study. */
  readonly due: readonly (readonly string[])[];
  /** Studies in the archive. */
  readonly studies: number;
}

interface GroundRequest {
  readonly testbed: Testbed;
  readonly signal: AbortSignal;
  readonly scale: number;
}

/** A quarter of the archive is due: studies as those of the small data set, which the other tools are measured by; the others have one image. */
const [dueStudies, otherStudies] = [5000, 15_000];
const { seriesPerStudy, instancesPerSeries } = dataSet('small');
/** By their dates they are told apart. */
const [longAgo, lately] = ['20100101', '20300101'];

const shapesFor = (scale: number) => {
  const common = { modalities: ['CT'], imageSize: 8 };
  const times = (count: number) => Math.max(1, Math.round(count * scale));
  return {
    due: {
      ...common,
      seed: 'bench-due',
      studies: times(dueStudies),
      seriesPerStudy,
      instancesPerSeries,
      studyDates: { from: longAgo, to: longAgo },
    },
    others: {
      ...common,
      seed: 'bench-others',
      studies: times(otherStudies),
      seriesPerStudy: 1,
      instancesPerSeries: 1,
      studyDates: { from: lately, to: lately },
    },
  };
};

/** Grounds that are alike. Disposing of it removes what they are made from. */
export interface CleanGrounds extends AsyncDisposable {
  prepare(): Promise<CleanGround & AsyncDisposable>;
}

/** The archive is made once, which takes minutes, and its files are given to each Orthanc where these can be reached. */
export async function openCleanGrounds(request: GroundRequest): Promise<CleanGrounds> {
  const store = await mkdtemp(join(tmpdir(), 'bench-clean-archive-'));
  let due: readonly (readonly string[])[] | undefined;
  const fill = async (orthanc: RunningOrthanc): Promise<readonly (readonly string[])[]> => {
    const { storageFolder } = orthanc;
    if (due === undefined || storageFolder === undefined) {
      due = await seed(orthanc, request);
      await orthanc.stop();
      if (storageFolder !== undefined) await cp(storageFolder, store, { recursive: true });
    } else {
      await orthanc.stop();
      // Also what SQLite wrote besides its index: it belongs to another one.
      await rm(storageFolder, { recursive: true, force: true });
      await cp(store, storageFolder, { recursive: true });
    }
    await orthanc.start();
    return due;
  };
  return {
    async prepare() {
      const { testbed, signal, scale } = request;
      await using stack = new AsyncDisposableStack();
      // Whether each file was synced when it came is not what is measured.
      // While it is filled nothing becomes stable: its DICOMweb plugin would prepare answers about 20,000 studies, which takes longer
      // than all that is measured. After a start everything counts as stable.
      const configuration = { StableAge: 24 * 60 * 60, SyncStorageArea: false };
      const orthanc = stack.use(await testbed.startOrthanc({ name: 'archive', configuration }));
      const ids = await fill(orthanc);
      const folder = await mkdtemp(join(tmpdir(), 'bench-clean-'));
      stack.defer(() => rm(folder, { recursive: true, force: true }));
      const rules = { rules: [{ name: 'old', everything: true, olderThan: '10 years', by: 'study-date' }] };
      await writeFile(join(folder, 'rules.json'), JSON.stringify(rules));
      await untilQuiet(orthanc, signal);
      const { due: dueShape, others } = shapesFor(scale);
      const kept = stack.move();
      return {
        ...{ orthanc, folder, due: ids, studies: dueShape.studies + others.studies },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
      };
    },
    [Symbol.asyncDispose]: () => rm(store, { recursive: true, force: true }),
  };
}

/** @returns Orthanc's identifiers of the instances that are due, study by study */
async function seed(orthanc: RunningOrthanc, { signal, scale }: GroundRequest): Promise<string[][]> {
  const { due: dueShape, others } = shapesFor(scale);
  const due: string[][] = [];
  function* files(studies: Iterable<SyntheticStudy>, ids?: string[][]): Generator<Uint8Array> {
    for (const study of studies) {
      signal.throwIfAborted();
      const instances = [...study.instances()];
      ids?.push(instances.map((instance) => instance.orthancIds().instance));
      for (const { bytes } of instances) yield bytes;
    }
  }
  function* all(): Generator<Uint8Array> {
    yield* files(synthesizeArchive(others));
    yield* files(synthesizeArchive(dueShape), due);
  }
  await fillLarge(orthanc, all(), (some) => seedOrthanc(orthanc, some));
  return due;
}
