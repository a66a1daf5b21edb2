import type { Finding } from '@orthanc-tools/failures';
import { digits, finderFor } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { type RunContext, tryFile, tryFolder } from '@orthanc-tools/tool-runtime';
import type { ComparatorOptions } from './open-sides.ts';

const outputs = ['itemsJson', 'itemsCsv', 'htmlReport', 'errorLogFilePath'] as const;

/** Whether everything that a run writes can be written. Leaves nothing there. */
export async function examinePlaces(
  options: Pick<ComparatorOptions, (typeof outputs)[number] | 'stateFolder'>,
  { stateFolder }: Pick<RunContext, 'stateFolder'>,
): Promise<Finding[]> {
  const findings = [await placeFinding('stateFolder', options.stateFolder ?? stateFolder)];
  for (const output of outputs) {
    const path = options[output];
    if (path !== undefined) findings.push(await placeFinding(output, path));
  }
  return findings;
}

async function placeFinding(
  option: (typeof outputs)[number] | 'stateFolder',
  path: string,
): Promise<Finding> {
  const find = finderFor('places');
  const place = await (option === 'stateFolder' ? tryFolder(path) : tryFile(path));
  if (place.is === 'refused') {
    const found = `${path} cannot be written (${place.code})`;
    return find(option, 'problem', found, `Give another place with ${nameOf(option)}.`);
  }
  const free = digits(Math.round(place.freeBytes / 1e6));
  return find(option, 'ok', `${path} can be written, ${free} MB are free`);
}
