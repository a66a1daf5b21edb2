import { patientIdIn } from '@orthanc-tools/study-search';
import type { SideStudy } from './side.ts';

/** Each study once; where one UID is told for several patients, the others stand beside the first. Pure. */
export function studiesByUid(studies: Iterable<SideStudy>): Map<string, SideStudy> {
  const all = new Map<string, SideStudy>();
  for (const study of studies) {
    const known = all.get(study.uid);
    all.set(study.uid, known === undefined ? study : withOther(known, study));
  }
  return all;
}

function withOther(known: SideStudy, { tags }: SideStudy): SideStudy {
  const { otherPatients = [] } = known;
  const ids = new Set([known.tags, ...otherPatients].map(patientIdIn));
  return ids.has(patientIdIn(tags)) ? known : { ...known, otherPatients: [...otherPatients, tags] };
}
