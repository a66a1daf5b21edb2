import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { headOf, lookUp } from '../run/look-up.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { DueStudy } from './plan-cleaning.ts';
import type { WeighedStudy } from './weigh-plan.ts';

type Asking = Pick<Cleaning, 'orthanc' | 'signal'>;

/** The instances of so many studies are held in memory at once. */
const atOnce = 20;

/** How much there is of each study; those that are gone meanwhile are left out. */
export async function weighDue(due: readonly DueStudy[], asking: Asking): Promise<readonly WeighedStudy[]> {
  const { hasExtendedFind } = await asking.orthanc.system(asking.signal);
  if (!hasExtendedFind) return await weighOneByOne(due, asking);
  const weighed: WeighedStudy[] = [];
  for (let from = 0; from < due.length; from += atOnce)
    weighed.push(...(await weighTogether(due.slice(from, from + atOnce), asking)));
  return weighed;
}

/** By the lists of their instances, which one question tells of several: Orthanc counts one study at a time, for many times as long. */
async function weighTogether(
  due: readonly DueStudy[],
  { orthanc, signal }: Asking,
): Promise<readonly WeighedStudy[]> {
  const heads = [...(await lookUp(due, { orthanc, signal })).values()].map(headOf);
  const held = await orthanc.studies.instancesOfEach(heads, signal);
  return due.flatMap((study) => {
    const instances = held.get(study.id) ?? [];
    return instances.length === 0
      ? []
      : [{ ...study, instances: instances.length, bytes: bytesOf(instances) }];
  });
}

const bytesOf = (instances: readonly StoredInstance[]): number =>
  instances.reduce((sum, { size }) => sum + size, 0);

async function weighOneByOne(
  due: readonly DueStudy[],
  { orthanc, signal }: Asking,
): Promise<readonly WeighedStudy[]> {
  const weighed = await sideBySide(due, async (study): Promise<WeighedStudy | undefined> => {
    const told = await orthanc.resources.statistics({ level: 'Study', id: study.id }, signal);
    return told && { ...study, instances: told.instances, bytes: told.uncompressedSize };
  });
  return weighed.filter((study) => study !== undefined);
}
