import { uidFromHash } from '@orthanc-tools/dicom-files';
import { dayMs, timeOf } from '../calendar.ts';
import type { SeriesContent } from '../iods/iod.ts';
import { explicitLittleEndian } from '../pixels/transfer-syntax-writers.ts';
import type { TransferSyntaxWriter } from '../pixels/transfer-syntax-writers.ts';
import { randomStream } from '../random-stream.ts';
import { countIn } from './study-plan.ts';
import type { StudyPlan } from './study-plan.ts';

/** What is decided once for a series. */
export interface SeriesPlan {
  readonly study: StudyPlan;
  /** 1 for the first of the study. */
  readonly number: number;
  readonly seriesInstanceUid: string;
  readonly frameOfReferenceUid: string;
  readonly description: string;
  readonly instances: number;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** Milliseconds since midnight. */
  readonly begin: number;
  /** From one instance to the next. */
  readonly exposureMs: number;
  readonly transferSyntax: TransferSyntaxWriter;
  readonly content: SeriesContent;
}

const sizeOf = (study: StudyPlan): { rows: number; columns: number } => {
  const size = study.request.imageSize ?? study.iod.image?.usualSize ?? 0;
  return typeof size === 'number' ? { rows: size, columns: size } : size;
};

/** Only pictures may be encapsulated (PS3.5 A.4). */
const fitting = (drawn: TransferSyntaxWriter, { iod }: StudyPlan): TransferSyntaxWriter =>
  iod.image === undefined && drawn.encodeFrame !== undefined ? explicitLittleEndian : drawn;

const usualPauseMs = 4 * 60_000;
const usualExposureMs = 350;

/** The dates of a study are those of its day: what it has after midnight would be told as before it. */
const lastMoment = dayMs - 1;

const durationOf = ({ instances, exposureMs }: SeriesPlan): number => Math.max(0, instances - 1) * exposureMs;

/** All series of a study, nearer together where they would otherwise reach into the next day. */
export const planAllSeries = (study: StudyPlan): SeriesPlan[] => {
  const plansWith = (pauseMs: number): SeriesPlan[] =>
    Array.from({ length: study.series }, (_, index) => planSeries(study, index, pauseMs));
  const usual = plansWith(usualPauseMs);
  if (usual.every((plan) => plan.begin + durationOf(plan) <= lastMoment)) return usual;
  const longest = usual.reduce((most, plan) => Math.max(most, durationOf(plan)), 0);
  const room = Math.max(0, lastMoment - study.begin - longest);
  return plansWith(Math.min(usualPauseMs, Math.floor(room / Math.max(1, study.series - 1))));
};

const planSeries = (study: StudyPlan, index: number, pauseMs: number): SeriesPlan => {
  const { request, iod, protocol } = study;
  const random = randomStream(request.seed, 'series', study.index, index);
  const round = Math.floor(index / protocol.series.length);
  const named = protocol.series[index % protocol.series.length] ?? protocol.study;
  const instances = countIn(random, request.instancesPerSeries, iod.usualInstances);
  const plan = {
    study,
    number: index + 1,
    seriesInstanceUid: uidFromHash(request.seed, 'series', study.index, index),
    frameOfReferenceUid: uidFromHash(request.seed, 'frame of reference', study.index),
    description: round === 0 ? named : `${named} (${round + 1})`,
    instances,
    ...sizeOf(study),
    frames: iod.image?.frames === undefined ? 1 : random.integer(iod.image.frames.from, iod.image.frames.to),
    begin: study.begin + index * pauseMs,
    exposureMs: Math.min(
      usualExposureMs,
      Math.floor((lastMoment - study.begin) / Math.max(1, instances - 1)),
    ),
    transferSyntax: fitting(random.pick(request.transferSyntaxes ?? [explicitLittleEndian]), study),
  };
  const content = iod.describeSeries({
    ...plan,
    random,
    protocol,
    // Without the round: view and weighting are told by it.
    seriesDescription: named,
    study: {
      patientId: study.patient.patientId,
      accessionNumber: study.accessionNumber,
      date: study.date,
      time: timeOf(study.begin),
    },
  });
  return { ...plan, content };
};
