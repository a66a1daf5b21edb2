import { type Orthanc, momentIn } from '@orthanc-tools/orthanc-client';

/** When the last instance of a study arrived, ms since 1970; undefined where one of them does not say. */
export async function readArrival(
  orthanc: Pick<Orthanc, 'resources'>,
  studyId: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const instances = await orthanc.resources.facts('Instance', [studyId], signal);
  const arrivals = instances.map(({ metadata }) => momentIn(metadata['ReceptionDate']));
  const known = arrivals.filter((moment) => moment !== undefined);
  return known.length === arrivals.length && known.length > 0
    ? known.reduce((latest, moment) => Math.max(latest, moment))
    : undefined;
}
