import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import type { ArchiveRequest, SyntheticInstance } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, seedOrthanc } from '../src/index.ts';

/** One synthetic study, by Orthanc's identifiers and by those of DICOM. */
export interface SyntheticStudy {
  readonly files: readonly SyntheticInstance[];
  readonly id: string;
  readonly instanceIds: readonly string[];
  readonly studyUid: string;
  readonly seriesUids: readonly string[];
  readonly sopInstanceUids: readonly string[];
}

export type StudyRequest = Partial<ArchiveRequest> & { readonly seed: string };

/** A study of one series with three small CT images, unless told otherwise. */
export function syntheticStudy(request: StudyRequest): SyntheticStudy {
  const usual = { imageSize: 16, seriesPerStudy: 1, instancesPerSeries: 3, modalities: ['CT'] };
  const [study] = synthesizeArchive({ ...usual, ...request, studies: 1 });
  const files = [...(study?.instances() ?? [])];
  const [first] = files;
  if (first === undefined) throw new Error('nothing was made');
  return {
    files,
    id: first.orthancIds().study,
    instanceIds: files.map((file) => file.orthancIds().instance),
    studyUid: first.identifiers.studyInstanceUid,
    seriesUids: [...new Set(files.map(({ identifiers }) => identifiers.seriesInstanceUid))],
    sopInstanceUids: files.map(({ identifiers }) => identifiers.sopInstanceUid),
  };
}

export async function storeStudy(server: RunningOrthanc, request: StudyRequest): Promise<SyntheticStudy> {
  const study = syntheticStudy(request);
  await seedOrthanc(
    server,
    study.files.map(({ bytes }) => bytes),
  );
  return study;
}

/** The same identifiers with another pixel at the end. */
export function altered({ bytes }: SyntheticInstance): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

/** Time as it is, for what looks again and again. */
export const clock = {
  sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
    const { setTimeout: delay } = await import('node:timers/promises');
    await delay(ms, undefined, { signal });
  },
};
