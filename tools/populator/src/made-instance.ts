import { type OrthancId, orthancIds } from '@orthanc-tools/dicom-files';
import type { SyntheticInstance, SyntheticSeries, SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import type { BatchLimits } from './destination.ts';

/** A study on its way: what has become of its instances so far. */
export interface StudyInHand {
  readonly study: SyntheticStudy;
  readonly orthancId: OrthancId;
  /** Instances that nothing was heard of yet. */
  open: number;
  stored: number;
  alreadyThere: number;
  setAside: number;
  /** Codes of what was set aside. */
  readonly reasons: Set<string>;
}

export interface MadeInstance {
  readonly inHand: StudyInHand;
  readonly series: SyntheticSeries;
  /** 1 for the first of the study. */
  readonly seriesNumber: number;
  readonly instance: SyntheticInstance;
}

const idsOf = ({ patient, studyInstanceUid }: SyntheticStudy) =>
  orthancIds({ patientId: patient.patientId, studyInstanceUid, seriesInstanceUid: '', sopInstanceUid: '' });

export const studyIdOf = (study: SyntheticStudy): OrthancId => idsOf(study).study;
export const patientIdOf = (study: SyntheticStudy): OrthancId => idsOf(study).patient;

/** One instance after another, made when it is asked for. */
export function* madeInstances(archive: Iterable<SyntheticStudy>): Generator<MadeInstance, void, undefined> {
  for (const study of archive) {
    const inHand: StudyInHand = {
      study,
      orthancId: studyIdOf(study),
      open: study.instanceCount,
      stored: 0,
      alreadyThere: 0,
      setAside: 0,
      reasons: new Set(),
    };
    for (const [at, series] of study.series.entries())
      for (const instance of series.instances()) yield { inHand, series, seriesNumber: at + 1, instance };
  }
}

/** Small instances in batches, in the order in which they were made. Memory holds the batches that were taken, and one instance. */
export function* inBatches(
  instances: Iterable<MadeInstance>,
  limits: BatchLimits,
): Generator<readonly MadeInstance[], void, undefined> {
  let batch: MadeInstance[] = [];
  let bytes = 0;
  for (const made of instances) {
    const size = made.instance.bytes.length;
    if (batch.length > 0 && bytes + size > limits.bytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(made);
    bytes += size;
    if (batch.length < limits.instances) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
