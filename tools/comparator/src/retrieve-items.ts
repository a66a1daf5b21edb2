import type { Item } from './item.ts';
import { type RepairStep, bear } from './repair.ts';

const ofLevel = { study: 'Study', series: 'Series', instance: 'Instance' } as const;

/** C-MOVE to Orthanc of what it misses: one job for each level, or one for each item. */
export async function retrieveItems({ items, sides, context, isCareful }: RepairStep): Promise<void> {
  const { orthanc, there } = sides;
  const { clock, signal } = context;
  const jobs = isCareful
    ? items.map((item) => [item])
    : [...Map.groupBy(items, ({ level }) => level).values()];
  for (const wanted of jobs)
    await bear({ context }, async () => {
      const [first] = wanted;
      if (first === undefined) return;
      const resources = wanted.map(uidsOf);
      const job = await orthanc.modalities.retrieve(there.name, 'move', {
        level: ofLevel[first.level],
        resources,
        signal,
      });
      await orthanc.jobs.finish(job, { clock, signal });
      context.log.info('repair.retrieved', { level: first.level, resources: resources.length });
    });
}

/** With those of all levels above, as strict modalities want it. */
const uidsOf = ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: Item): Record<string, string> => ({
  StudyInstanceUID: studyInstanceUid,
  ...(seriesInstanceUid !== undefined && { SeriesInstanceUID: seriesInstanceUid }),
  ...(sopInstanceUid !== undefined && { SOPInstanceUID: sopInstanceUid }),
});
