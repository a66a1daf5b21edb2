import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { DueStudy } from './plan-cleaning.ts';
import type { WeighedStudy } from './weigh-plan.ts';

/** How much there is of each study; those that are gone meanwhile are left out. */
export async function weighDue(
  due: readonly DueStudy[],
  { orthanc, signal }: Pick<Cleaning, 'orthanc' | 'signal'>,
): Promise<readonly WeighedStudy[]> {
  const weighed = await sideBySide(due, async (study): Promise<WeighedStudy | undefined> => {
    const told = await orthanc.resources.statistics({ level: 'Study', id: study.id }, signal);
    return told && { ...study, instances: told.instances, bytes: told.uncompressedSize };
  });
  return weighed.filter((study) => study !== undefined);
}
