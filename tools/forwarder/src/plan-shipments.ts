import type { Mode } from './destination.ts';

/** What has to be known of an instance to send it. */
export interface Sendable {
  readonly id: string;
  readonly seriesId: string;
  /** Bytes. */
  readonly size: number;
}

/** Of what goes together. */
export interface Bounds {
  readonly instances: number;
  readonly bytes: number;
}

/** More in one request is more than a DICOMweb server may hold. */
const mostByDicomWeb: Bounds = { instances: Infinity, bytes: 1024 ** 3 };

/**
 * What a job costs Orthanc grows with the square of the instances that it names: each of 320 small ones took 2.0 ms of its
 * CPU, each of 40 took 0.8 (1.13.0, on SQLite).
 */
const fewToPeer = 40;

/** Before and after each job all is read that is remembered of the unit: of a large one, so many jobs and no more. */
const mostJobs = 16;

const mostToPeer = (instances: number): Bounds => ({
  instances: Math.max(fewToPeer, Math.ceil(instances / mostJobs)),
  bytes: Infinity,
});

/**
 * Which instances go together in one job: all that is to go, or one series after the other; by DICOMweb in pieces below
 * 1 GB, to a peer in small ones. By DICOM never less: there are PACSs that take the end of an association for the end of the
 * study. python-orthanc-tools sends by DICOMweb always by series: as the plugin takes half a second for each request,
 * only the mode that is named so does it here. Pure.
 */
export function planShipments<Instance extends Sendable>(
  mode: Mode,
  instances: readonly Instance[],
): Instance[][] {
  if (instances.length === 0) return [];
  switch (mode) {
    case 'dicom':
    case 'transfer':
    case 'orthanc':
      return [[...instances]];
    case 'dicom-series-by-series':
      return bySeries(instances);
    case 'peering':
      return inPieces(instances, mostToPeer(instances.length));
    case 'dicom-web':
      return inPieces(instances, mostByDicomWeb);
    case 'dicom-web-series-by-series':
      return bySeries(instances).flatMap((series) => inPieces(series, mostByDicomWeb));
  }
}

function bySeries<Instance extends Sendable>(instances: readonly Instance[]): Instance[][] {
  return [...Map.groupBy(instances, ({ seriesId }) => seriesId).values()];
}

/** One that is larger by itself goes alone. */
function inPieces<Instance extends Sendable>(instances: readonly Instance[], most: Bounds): Instance[][] {
  const pieces: Instance[][] = [];
  let [piece, bytes]: [Instance[], number] = [[], 0];
  for (const instance of instances) {
    if (piece.length > 0 && (piece.length >= most.instances || bytes + instance.size > most.bytes)) {
      pieces.push(piece);
      [piece, bytes] = [[], 0];
    }
    piece.push(instance);
    bytes += instance.size;
  }
  return piece.length > 0 ? [...pieces, piece] : pieces;
}
