import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { headOf, lookUp } from '../run/look-up.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import type { DueStudy } from './plan-cleaning.ts';
import type { WeighedStudy } from './weigh-plan.ts';

type Asking = Pick<Cleaning, 'orthanc' | 'signal'>;

/** The instances of so many studies are held in memory at once. */
const atOnce = 20;

/** Of so many instances the identifiers are kept in mind, 80 bytes each; those of more are listed when it is their turn. */
const mostInMind = 200_000;

/** How much there is of each study; those that are gone meanwhile are left out. */
export async function weighDue(due: readonly DueStudy[], asking: Asking): Promise<readonly WeighedStudy[]> {
  const { hasExtendedFind } = await asking.orthanc.system(asking.signal);
  if (!hasExtendedFind) return await weighOneByOne(due, asking);
  const weighed: WeighedStudy[] = [];
  let inMind = 0;
  for (let from = 0; from < due.length; from += atOnce)
    for (const { instanceIds, ...study } of await weighTogether(due.slice(from, from + atOnce), asking)) {
      // Without a last update nothing would show that it holds something else when it is its turn.
      const isKept = study.updateSeen !== undefined && inMind + study.instances <= mostInMind;
      inMind += isKept ? study.instances : 0;
      weighed.push(isKept ? { ...study, instanceIds } : study);
    }
  return weighed;
}

/** By the lists of their instances, which one question tells of several: Orthanc counts one study at a time, for many times as long. */
async function weighTogether(
  due: readonly DueStudy[],
  { orthanc, signal }: Asking,
): Promise<readonly WeighedStudy[]> {
  const heads = [...(await lookUp(due, { orthanc, signal, withSeries: true })).values()].map(headOf);
  const held = await orthanc.studies.instancesOfEach(heads, signal);
  return due.flatMap((study) => {
    const instances = held.get(study.id) ?? [];
    return instances.length === 0
      ? []
      : [
          {
            ...study,
            instances: instances.length,
            bytes: bytesOf(instances),
            instanceIds: instances.map(({ id }) => id),
          },
        ];
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
