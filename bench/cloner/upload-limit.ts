import { inThisProcess } from '../measure/cost.ts';
import type { DataSetName } from '../measure/data-set.ts';
import { openHttpLane } from '../measure/http-lane.ts';
import { inParallel } from '../measure/in-parallel.ts';
import { type Files, uploadWays } from '../measure/upload-ways.ts';
import type { Contender } from './contender.ts';

/** Everything that the source holds, in memory: the limit must not pay for reading. */
export async function readEverything(
  source: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Files> {
  using http = openHttpLane(source, signal);
  const files: Buffer[] = [];
  await inParallel(ids, { lanes: 8, signal }, async (id) => {
    files.push(Buffer.concat((await http.send({ path: `/instances/${id}/file` })).chunks));
  });
  return files;
}

/** Ways to upload what was read beforehand: the best of them is the limit. */
export function uploadLimits(name: DataSetName, files: Files): Contender[] {
  return uploadWays(name).map((way) => ({
    name: `limit: ${way.name}`,
    role: 'limit',
    copy: (place) => inThisProcess(() => way.upload(files, place)),
  }));
}
