import type { Finding } from '@orthanc-tools/failures';
import { finderFor } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { archiveRequest } from './archive-request.ts';
import { chosenEdgeCases } from './chosen-edge-cases.ts';
import type { PopulatorOptions } from './options.ts';
import { otherFileIn, otherStudyIn } from './other-files.ts';

const find = finderFor('output');
const looked = 1000;

/** Whether the folder holds files that the run would not make: looked for in its first studies. */
export async function examineOutput(options: PopulatorOptions): Promise<Finding[]> {
  const { output, seed, studies } = options;
  if (output === undefined) return [];
  const synthesis = await import('@orthanc-tools/dicom-synthesis');
  const names = chosenEdgeCases(options.edgeCases);
  const awkward = synthesis.synthesizeEdgeCases({ seed, names, firstStudy: studies });
  const request = { ...(await archiveRequest(options, synthesis)), studies: Math.min(studies, looked) };
  let other = otherStudyIn(output, studies + awkward.length);
  for (const study of [...synthesis.synthesizeArchive(request), ...awkward])
    other ??= otherFileIn(output, study);
  if (other === undefined) return [find('content', 'ok', 'nothing that is not of this run')];
  const remedy = `Give an empty folder with ${nameOf('output')}, or that of a run with the same options.`;
  return [find('content', 'problem', `${other} is not of this run`, remedy)];
}
