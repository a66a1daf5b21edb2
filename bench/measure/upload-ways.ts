import { hash } from 'node:crypto';
import type { DataSetName } from './data-set.ts';
import { openHttpLane } from './http-lane.ts';
import { groupsOf, inParallel } from './in-parallel.ts';
import { stowBody, stowType } from './stow-body.ts';
import { zipPieces } from './zip-body.ts';

export type Files = readonly Buffer[];

/** One way to upload what is in memory already. */
export interface UploadWay {
  readonly name: string;
  upload(files: Files, place: { readonly destination: string; readonly signal: AbortSignal }): Promise<void>;
}

interface Shape {
  readonly as: 'POST' | 'STOW-RS' | 'ZIP';
  readonly batch: number;
  readonly lanes: number;
}

// What was found to be the best of each kind; a bench tries them all and takes the fastest of this very run.
const shapes: Record<DataSetName, readonly Shape[]> = {
  small: [
    { as: 'POST', batch: 1, lanes: 16 },
    { as: 'STOW-RS', batch: 50, lanes: 8 },
    { as: 'ZIP', batch: 50, lanes: 4 },
  ],
  large: [
    { as: 'POST', batch: 1, lanes: 8 },
    { as: 'STOW-RS', batch: 20, lanes: 4 },
    { as: 'ZIP', batch: 20, lanes: 4 },
  ],
};

/** Ways to upload ready bytes without looking at anything, by the leanest client that Node offers: the best of them is the limit. */
export const uploadWays = (name: DataSetName): UploadWay[] =>
  shapes[name].map((shape) => wayOf(shape, false));

/** The same by POST, with the MD5 of each file: how much of the distance to the limit that alone is. */
export const hashingUploads = (name: DataSetName): UploadWay[] =>
  shapes[name].filter(({ as }) => as === 'POST').map((shape) => wayOf(shape, true));

function wayOf({ as, batch, lanes }: Shape, hashes: boolean): UploadWay {
  return {
    name: `${as}${batch === 1 ? '' : ` of ${String(batch)}`}, ${String(lanes)} at a time`,
    async upload(files, { destination, signal }) {
      using http = openHttpLane(destination, signal);
      await inParallel(groupsOf(files, batch), { lanes, signal }, async (group) => {
        if (hashes) for (const file of group) hash('md5', file);
        await http.send(requests[as](group));
      });
    },
  };
}

const requests = {
  POST: (body: Files) => ({ method: 'POST', path: '/instances', body }) as const,
  'STOW-RS': (files: Files) =>
    ({
      method: 'POST',
      path: '/dicom-web/studies',
      headers: { 'content-type': stowType, accept: 'application/dicom+json' },
      body: stowBody(files),
    }) as const,
  ZIP: (files: Files) =>
    ({
      method: 'POST',
      path: '/instances',
      headers: { 'content-type': 'application/zip' },
      body: zipPieces(files),
    }) as const,
};
