import type { Allocate } from '@orthanc-tools/dicom-files';
import { pictureStacks } from '../pixels/picture-stack.ts';
import type { SyntheticInstance } from './instance.ts';
import type { SyntheticPatient } from './patient.ts';
import type { ArchiveRequest } from './request.ts';
import { planAllSeries } from './series-plan.ts';
import type { SeriesPlan } from './series-plan.ts';
import { planStudy } from './study-plan.ts';
import type { StudyPlan } from './study-plan.ts';
import { synthesizeSeries } from './synthesize-series.ts';
import type { Workshop } from './synthesize-series.ts';

export interface SyntheticSeries {
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly description: string;
  readonly instanceCount: number;
  /** Makes them anew each time, one by one. */
  instances(): Iterable<SyntheticInstance>;
}

export interface SyntheticStudy {
  readonly index: number;
  /** The name of the awkwardness, where there is one. */
  readonly edgeCase?: string;
  readonly patient: SyntheticPatient;
  readonly studyInstanceUid: string;
  readonly accessionNumber: string;
  readonly description: string;
  readonly date: string;
  readonly series: readonly SyntheticSeries[];
  readonly instanceCount: number;
  /** Those of all series, one by one: memory holds one instance, not a study. */
  instances(): Iterable<SyntheticInstance>;
}

const seriesOf = (plan: SeriesPlan, workshop: Workshop): SyntheticSeries => ({
  seriesInstanceUid: plan.seriesInstanceUid,
  modality: plan.study.iod.modality,
  description: plan.description,
  instanceCount: plan.instances,
  instances: () => synthesizeSeries(plan, workshop),
});

function* instancesOf(series: readonly SyntheticSeries[]): Generator<SyntheticInstance, void, undefined> {
  for (const one of series) yield* one.instances();
}

const studyOf = (plan: StudyPlan, workshop: Workshop): SyntheticStudy => {
  const series = planAllSeries(plan).map((one) => seriesOf(one, workshop));
  return {
    index: plan.index,
    patient: plan.patient,
    studyInstanceUid: plan.studyInstanceUid,
    accessionNumber: plan.accessionNumber,
    description: plan.protocol.study,
    date: plan.date,
    series,
    instanceCount: series.reduce((sum, one) => sum + one.instanceCount, 0),
    instances: () => instancesOf(series),
  };
};

export interface ArchiveMemory {
  /**
   * Where each file is to stand. Who takes a file's memory for another one must be done with the former: its `bytes` and
   * hashes are then no longer its own.
   */
  readonly allocate?: Allocate;
}

/**
 * The studies of a seeded archive, in the order of their index. A study depends on the seed, on its index and on the
 * other settings of the request, never on its neighbours: `firstStudy` and `studies` cut the archive into shares at will.
 */
export function* synthesizeArchive(
  request: ArchiveRequest,
  { allocate }: ArchiveMemory = {},
): Generator<SyntheticStudy, void, undefined> {
  const workshop = { stacks: pictureStacks(), allocate };
  const first = request.firstStudy ?? 0;
  for (let index = first; index < first + request.studies; index += 1)
    yield studyOf(planStudy(request, index), workshop);
}
