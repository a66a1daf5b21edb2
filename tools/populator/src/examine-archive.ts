import type * as dicomSynthesis from '@orthanc-tools/dicom-synthesis';
import type { Finding } from '@orthanc-tools/failures';
import { finderFor } from '@orthanc-tools/server-examination';
import { archiveRequest } from './archive-request.ts';
import { chosenEdgeCases } from './chosen-edge-cases.ts';
import type { PopulatorOptions } from './options.ts';

type Synthesis = typeof dicomSynthesis;

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
  return [find('size', 'ok', found), ...edgeCaseFinding(options, synthesis)];
}

function edgeCaseFinding({ seed, edgeCases, studies }: PopulatorOptions, synthesis: Synthesis): Finding[] {
  const names = chosenEdgeCases(edgeCases);
  if (names.length === 0) return [];
  const awkward = synthesis.synthesizeEdgeCases({ seed, names, firstStudy: studies });
  const instances = awkward.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
  const found = `${String(awkward.length)} studies with ${String(instances)} instances besides`;
  return [find('edge cases', 'ok', found)];
}
