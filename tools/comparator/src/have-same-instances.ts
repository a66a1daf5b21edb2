import { orthancIds } from '@orthanc-tools/dicom-files';
import type { StudyPair } from './comparison.ts';
import type { Glimpse, SideSeries } from './side.ts';

/**
 * Whether both sides have the same series with the same instances, where Orthanc has told its own identifiers only: the
 * UIDs that the other side tells lead to these, or are those of other instances. Says no where it is not sure. Pure.
 */
export function haveSameInstances(pair: StudyPair, { here, there }: Glimpse): boolean {
  if (here.series.size !== there.series.size || here.series.size === 0) return false;
  return [...here.series].every(([seriesUid, ours]) => {
    const theirs = there.series.get(seriesUid);
    return theirs !== undefined && isSame(ours, theirs, { pair, seriesUid });
  });
}

interface Where {
  readonly pair: StudyPair;
  readonly seriesUid: string;
}

function isSame(ours: SideSeries, theirs: SideSeries, { pair, seriesUid }: Where): boolean {
  const ids = ours.instanceIds;
  if (ids === undefined) return false;
  if (theirs.instanceIds !== undefined)
    return theirs.instanceIds.size === ids.size && [...theirs.instanceIds].every((id) => ids.has(id));
  const patientId = pair.here?.tags['PatientID'] ?? '';
  return (
    theirs.instances.size === ids.size &&
    [...theirs.instances.keys()].every((sopInstanceUid) =>
      ids.has(
        orthancIds({ patientId, studyInstanceUid: pair.uid, seriesInstanceUid: seriesUid, sopInstanceUid })
          .instance,
      ),
    )
  );
}
