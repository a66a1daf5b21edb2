import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { studyDateIn } from '@orthanc-tools/study-search';
import type { DescribedPatient, DescribedStudy, StudyContext } from './study-context.ts';

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
  const [study, ...others] = oncePerPatient(
    found.filter((one) => textIn(one, 'StudyInstanceUID') === studyInstanceUid),
  );
  return study && describedBy(study, others);
}

const oncePerPatient = (studies: readonly FoundTags[]): FoundTags[] =>
  [...new Map(studies.toReversed().map((tags) => [textIn(tags, 'PatientID'), tags])).values()].toReversed();

const textIn = (tags: FoundTags, keyword: string): string => tags[keyword]?.trim() ?? '';

const describedBy = (tags: FoundTags, others: readonly FoundTags[]): DescribedStudy => ({
  studyInstanceUid: textIn(tags, 'StudyInstanceUID'),
  date: studyDateIn(tags),
  ...patientIn(tags),
  description: textIn(tags, 'StudyDescription'),
  otherPatients: others.map(patientIn),
  images: imagesIn([tags, ...others]),
});

const patientIn = (tags: FoundTags): DescribedPatient => ({
  patientId: textIn(tags, 'PatientID'),
  patientName: textIn(tags, 'PatientName'),
  birthDate: textIn(tags, 'PatientBirthDate'),
});

/** Of all patients, where it is told of each. */
function imagesIn(studies: readonly FoundTags[]): number | undefined {
  const told = studies.map((tags) => Number(textIn(tags, 'NumberOfStudyRelatedInstances')));
  return told.every((images) => images > 0) ? told.reduce((sum, images) => sum + images, 0) : undefined;
}
