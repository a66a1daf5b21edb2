import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { studyDateIn } from '@orthanc-tools/study-search';
import type { DescribedStudy, StudyContext } from './study-context.ts';

const told = {
  StudyDate: '',
  PatientID: '',
  PatientName: '',
  PatientBirthDate: '',
  StudyDescription: '',
  NumberOfStudyRelatedInstances: '',
};

/** Undefined when the source does not know the study. */
export async function describeStudy(
  studyInstanceUid: string,
  { orthanc, source }: Pick<StudyContext, 'orthanc' | 'source'>,
  signal?: AbortSignal,
): Promise<DescribedStudy | undefined> {
  const keys = { ...told, StudyInstanceUID: studyInstanceUid };
  const found =
    source === undefined
      ? await orthanc.studies.find(keys, signal)
      : await source.lane(() => orthanc.modalities.find(source.alias, { level: 'Study', keys }, signal));
  const study = found.find((one) => textIn(one, 'StudyInstanceUID') === studyInstanceUid);
  return study && describedBy(study);
}

const textIn = (tags: FoundTags, keyword: string): string => tags[keyword]?.trim() ?? '';

const describedBy = (tags: FoundTags): DescribedStudy => ({
  studyInstanceUid: textIn(tags, 'StudyInstanceUID'),
  date: studyDateIn(tags),
  patientId: textIn(tags, 'PatientID'),
  patientName: textIn(tags, 'PatientName'),
  birthDate: textIn(tags, 'PatientBirthDate'),
  description: textIn(tags, 'StudyDescription'),
  images: Number(textIn(tags, 'NumberOfStudyRelatedInstances')) || undefined,
});
