import { toKnown } from '../plan/read-studies.ts';
import { quarantineLabels } from '../quarantine/quarantine-state.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { SeenStudy } from './recheck-study.ts';

type Seeing = Pick<Cleaning, 'orthanc' | 'quarantine' | 'memory' | 'signal'>;

/** What each study holds, by Orthanc's identifiers. */
export type Holdings = ReadonlyMap<string, readonly string[]>;

/** May be asked some time before the last look: whatever arrives after this changes the last update, which is read then. */
export async function listHoldings(
  studies: readonly Pick<WeighedStudy, 'id'>[],
  { orthanc, signal }: Pick<Seeing, 'orthanc'> & Partial<Pick<Seeing, 'signal'>>,
): Promise<Holdings> {
  return new Map(
    await sideBySide(studies, async ({ id }) => [id, await orthanc.studies.instanceIds(id, signal)] as const),
  );
}

/** The studies as they are now, with what they were found to hold before; what is not there any more is left out. */
export async function seeStudies(
  studies: readonly Pick<WeighedStudy, 'id' | 'patient'>[],
  held: Holdings,
  { orthanc, quarantine, memory, signal }: Seeing,
): Promise<Map<string, SeenStudy>> {
  const [facts, protection] = await Promise.all([
    orthanc.resources.facts(
      'Study',
      studies.map(({ id }) => id),
      signal,
    ),
    orthanc.patients.protection([...new Set(studies.map(({ patient }) => patient))], signal),
  ]);
  return new Map(
    facts.map((one): [string, SeenStudy] => {
      const listed = { ...one, patientId: one.parentId ?? '', modalities: [] };
      const known = toKnown(listed, quarantineLabels(memory.quarantineOf(one.id), quarantine));
      const isProtected = protection.get(known.patient) ?? true;
      return [one.id, { known: { ...known, isProtected }, instances: held.get(one.id) ?? [] }];
    }),
  );
}
