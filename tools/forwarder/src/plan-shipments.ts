import type { Mode } from './destination.ts';

/** What has to be known of an instance to send it. */
export interface Sendable {
  readonly id: string;
  readonly seriesId: string;
  /** Bytes. */
  readonly size: number;
}

/** More in one request is more than a DICOMweb server may hold (bytes). */
const mostAtOnce = 1024 ** 3;

/**
 * Which instances go together in one job: all that is to go, or one series after the other; by DICOMweb in pieces below
 * 1 GB. python-orthanc-tools sends by DICOMweb always by series: as the plugin takes half a second for each request,
 * only the mode that is named so does it here. Pure.
 */
export function planShipments<Instance extends Sendable>(
  mode: Mode,
  instances: readonly Instance[],
): Instance[][] {
  if (instances.length === 0) return [];
  switch (mode) {
    case 'dicom':
    case 'peering':
    case 'transfer':
    case 'orthanc':
      return [[...instances]];
    case 'dicom-series-by-series':
      return bySeries(instances);
    case 'dicom-web':
      return inPieces(instances);
    case 'dicom-web-series-by-series':
      return bySeries(instances).flatMap(inPieces);
  }
}

function bySeries<Instance extends Sendable>(instances: readonly Instance[]): Instance[][] {
  return [...Map.groupBy(instances, ({ seriesId }) => seriesId).values()];
}

/** One that is larger by itself goes alone. */
function inPieces<Instance extends Sendable>(instances: readonly Instance[]): Instance[][] {
  const pieces: Instance[][] = [];
  let [piece, bytes]: [Instance[], number] = [[], 0];
  for (const instance of instances) {
    if (piece.length > 0 && bytes + instance.size > mostAtOnce) {
      pieces.push(piece);
      [piece, bytes] = [[], 0];
    }
    piece.push(instance);
    bytes += instance.size;
  }
  return piece.length > 0 ? [...pieces, piece] : pieces;
}
