import { toKnown } from '../plan/read-studies.ts';
import { quarantineLabels } from '../quarantine/quarantine-state.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { type AskedStudy, headOf, lookUp } from '../run/look-up.ts';
import type { SeenStudy } from './recheck-study.ts';

type Seeing = Pick<Cleaning, 'orthanc' | 'quarantine' | 'memory' | 'signal'>;

/** What each study holds, by Orthanc's identifiers. */
export type Holdings = ReadonlyMap<string, readonly string[]>;

/** May be asked some time before the last look: whatever arrives after this changes the last update, which is read then. */
export async function listHoldings(
  studies: readonly AskedStudy[],
  { orthanc, signal }: Pick<Seeing, 'orthanc'> & Partial<Pick<Seeing, 'signal'>>,
): Promise<Holdings> {
  const heads = [...(await lookUp(studies, { orthanc, signal })).values()].map(headOf);
  return orthanc.studies.instanceIdsOfEach(heads, signal);
}

/** The studies as they are now, with what they were found to hold before; what is not there any more is left out. */
export async function seeStudies(
  studies: readonly (AskedStudy & Pick<WeighedStudy, 'patient'>)[],
  held: Holdings,
  { orthanc, quarantine, memory, signal }: Seeing,
): Promise<Map<string, SeenStudy>> {
  const [listed, protection] = await Promise.all([
    lookUp(studies, { orthanc, signal }),
    orthanc.patients.protection([...new Set(studies.map(({ patient }) => patient))], signal),
  ]);
  return new Map(
    [...listed.values()].map((one): [string, SeenStudy] => {
      const known = toKnown(one, quarantineLabels(memory.quarantineOf(one.id), quarantine));
      const isProtected = protection.get(known.patient) ?? true;
      return [
        one.id,
        {
          known: { ...known, isProtected },
          instances: held.get(one.id) ?? [],
          isFoundByUid: one.isFoundByUid,
        },
      ];
    }),
  );
}
