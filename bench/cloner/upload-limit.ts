import { openHttpLane } from '../measure/http-lane.ts';
import { groupsOf, inParallel } from '../measure/in-parallel.ts';
import { stowBody, stowType } from '../measure/stow-body.ts';
import type { Contender } from './contender.ts';
import { inThisProcess } from './contender.ts';
import type { DataSetName } from './data-set.ts';

export type Files = readonly Buffer[];

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

// What was found to be the best of each kind; the bench tries them all and takes the fastest of this very run.
const uploads: Record<DataSetName, readonly { batch: number; lanes: number }[]> = {
  small: [
    { batch: 1, lanes: 16 },
    { batch: 50, lanes: 8 },
  ],
  large: [
    { batch: 1, lanes: 8 },
    { batch: 20, lanes: 4 },
  ],
};

/** Ways to upload what was read beforehand: no copy can be faster than the best of them. */
export function uploadLimits(name: DataSetName, files: Files): Contender[] {
  return uploads[name].map(({ batch, lanes }) => ({
    name: `limit: ${batch === 1 ? 'POST' : `STOW-RS of ${String(batch)}`}, ${String(lanes)} at a time`,
    role: 'limit',
    copy: ({ destination, signal }) =>
      inThisProcess(async () => {
        using http = openHttpLane(destination, signal);
        await inParallel(groupsOf(files, batch), { lanes, signal }, async (group) => {
          await http.send(batch === 1 ? post(group) : stow(group));
        });
      }),
  }));
}

const post = (body: Files) => ({ method: 'POST', path: '/instances', body }) as const;

const stow = (files: Files) =>
  ({
    method: 'POST',
    path: '/dicom-web/studies',
    headers: { 'content-type': stowType, accept: 'application/dicom+json' },
    body: stowBody(files),
  }) as const;
