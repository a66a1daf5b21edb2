import type { Finding } from '@orthanc-tools/failures';
import { digits, finderFor } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { tryFile, tryFolder } from '@orthanc-tools/tool-runtime';

interface Places {
  readonly output: string | undefined;
  readonly manifest: string | undefined;
}

/** Whether the folder and the file that are asked for can be written. Leaves nothing there. */
export async function examinePlaces({ output, manifest }: Places): Promise<Finding[]> {
  return [
    ...(output === undefined ? [] : [await writingFinding('output', output)]),
    ...(manifest === undefined ? [] : [await writingFinding('manifest', manifest)]),
  ];
}

async function writingFinding(option: keyof Places, path: string): Promise<Finding> {
  const find = finderFor(option);
  const place = await (option === 'manifest' ? tryFile(path) : tryFolder(path));
  if (place.is === 'refused') {
    const found = `${path} cannot be written (${place.code})`;
    return find('writing', 'problem', found, `Give another place with ${nameOf(option)}.`);
  }
  const free = digits(Math.round(place.freeBytes / 1e6));
  return find('writing', 'ok', `${path} can be written, ${free} MB are free`);
}
