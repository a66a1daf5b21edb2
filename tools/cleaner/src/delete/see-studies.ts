import type { CountedStudy } from '@orthanc-tools/orthanc-client';
import { patientsOf, toKnown } from '../plan/read-studies.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { quarantineLabels } from '../quarantine/quarantine-state.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { type AskedStudy, lookUp } from '../run/look-up.ts';
import type { SeenStudy } from './recheck-study.ts';

type Seeing = Pick<Cleaning, 'orthanc' | 'quarantine' | 'memory' | 'signal'>;

/** What each study holds, by Orthanc's identifiers. */
export type Holdings = ReadonlyMap<string, readonly string[]>;

/** May be asked some time before the last look: whatever arrives after this changes the last update, which is read then. */
export const listHoldings = (
  studies: readonly CountedStudy[],
  { orthanc, signal }: Pick<Seeing, 'orthanc'> & Partial<Pick<Seeing, 'signal'>>,
): Promise<Holdings> => orthanc.studies.instanceIdsOfEach(studies, signal);

/** The same, as it was weighed where that is kept in mind. Only of studies whose last update must still be that of the plan. */
export async function recallHoldings(
  studies: readonly WeighedStudy[],
  asking: Parameters<typeof listHoldings>[1],
): Promise<Holdings> {
  const unknown = studies.filter(({ instanceIds }) => instanceIds === undefined);
  const listed: Holdings = unknown.length === 0 ? new Map() : await listHoldings(unknown, asking);
  return new Map(studies.map(({ id, instanceIds }) => [id, instanceIds ?? listed.get(id) ?? []]));
}

/** The studies as they are now, with what they were found to hold before; what is not there any more is left out. */
export async function seeStudies(
  studies: readonly AskedStudy[],
  held: Holdings,
  { orthanc, quarantine, memory, signal }: Seeing,
): Promise<Map<string, SeenStudy>> {
  const seen = new Map<string, SeenStudy>();
  for (const one of (await lookUp(studies, { orthanc, signal })).values()) {
    const known = toKnown(one, quarantineLabels(memory.quarantineOf(one.id), quarantine));
    seen.set(one.id, { known, instances: held.get(one.id) ?? [], isFoundByUid: one.isFoundByUid });
  }
  const known = [...seen.values()].map((one) => one.known);
  const protection = await orthanc.patients.protectionOf(patientsOf(known), signal);
  return new Map(
    [...seen].map(([id, one]): [string, SeenStudy] => {
      // Whoever is not told of counts as protected.
      const isProtected = protection.get(one.known.patient) ?? true;
      return [id, { ...one, known: { ...one.known, isProtected } }];
    }),
  );
}
