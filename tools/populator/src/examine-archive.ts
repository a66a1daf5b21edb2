import type { Finding } from '@orthanc-tools/failures';
import { finderFor } from '@orthanc-tools/server-examination';
import { archiveRequest } from './archive-request.ts';
import type { PopulatorOptions } from './options.ts';

const find = finderFor('archive');
const looked = 1000;

/** What the options would make: all of a small archive, the first studies of a large one. */
export async function examineArchive(options: PopulatorOptions): Promise<Finding[]> {
  const synthesis = await import('@orthanc-tools/dicom-synthesis');
  const request = await archiveRequest(options, synthesis);
  const studies = Math.min(request.studies, looked);
  let [instances, patients] = [0, new Set<string>()];
  for (const study of synthesis.synthesizeArchive({ ...request, studies })) {
    instances += study.instanceCount;
    patients = patients.add(study.patient.patientId);
  }
  const share = studies === 0 ? 0 : request.studies / studies;
  const about = share > 1 ? 'about ' : '';
  const rounded = (count: number): string => Math.round(count * share).toLocaleString('en-US');
  const found = `${rounded(studies)} studies of ${about}${rounded(patients.size)} patients with ${about}${rounded(instances)} instances`;
  return [find('size', 'ok', found)];
}
