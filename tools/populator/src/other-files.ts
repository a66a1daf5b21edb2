import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { fileNameOf, seriesFolderOf, studyFolderOf } from './file-names.ts';

/** A DICOM file of a study that the run does not reach. */
export function otherStudyIn(root: string, studies: number): string | undefined {
  for (const name of namesIn(root)) {
    const number = numberIn(name);
    if (name !== studyFolderOf(number - 1) || number <= studies) continue;
    const other = dicomFilesBelow(join(root, name))[0];
    if (other !== undefined) return other;
  }
  return undefined;
}

/** A DICOM file in the folder of the study that the study does not have. */
export function otherFileIn(root: string, study: SyntheticStudy): string | undefined {
  const folder = join(root, studyFolderOf(study.index));
  return dicomFilesBelow(folder).find((path) => {
    const [series = '', name = '', ...more] = path.slice(folder.length + 1).split(/[\\/]/);
    const has = study.series[numberIn(series) - 1]?.instanceCount ?? 0;
    const isOwn = series === seriesFolderOf(numberIn(series)) && name === fileNameOf(numberIn(name));
    return more.length > 0 || !isOwn || numberIn(name) < 1 || numberIn(name) > has;
  });
}

const numberIn = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);

const dicomFilesBelow = (folder: string): string[] =>
  namesIn(folder, { recursive: true })
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => join(folder, name));

/** Of what is not there, or is no folder, none. */
function namesIn(folder: string, { recursive = false } = {}): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: 'utf8' }).sort();
  } catch {
    return [];
  }
}
