import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { type FoundStudy, studyDateIn } from '@orthanc-tools/study-search';

/** Studies of Orthanc's own index without a date, page by page: its search cannot ask for what is empty. */
export async function* undatedAtOrthanc(
  orthanc: Orthanc,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundStudy[]> {
  for await (const { ids } of orthanc.studies.pages(0, signal)) {
    const facts = await orthanc.resources.facts('Study', ids, signal);
    yield facts
      .filter(({ tags }) => studyDateIn(tags) === '' && (tags['StudyInstanceUID'] ?? '') !== '')
      .map(({ tags }) => ({
        studyInstanceUid: tags['StudyInstanceUID'] ?? '',
        date: '',
        time: '',
        modalities: [],
        instances: undefined,
        tags,
      }));
  }
}
