import { finishJob, stalled } from './finish-job.ts';
import type { Item } from './item.ts';
import { type RepairStep, bear } from './repair.ts';

const ofLevel = { study: 'Study', series: 'Series', instance: 'Instance' } as const;

/** C-MOVE to Orthanc of what it misses: one job for each level, or one for each item. */
export async function retrieveItems(step: RepairStep): Promise<void> {
  const { items, sides, context, isCareful, stallLimit } = step;
  const { orthanc, there } = sides;
  const { signal } = context;
  const jobs = isCareful
    ? items.map((item) => [item])
    : [...Map.groupBy(items, ({ level }) => level).values()];
  for (const wanted of jobs) {
    const failure = await bear({ context }, async () => {
      const [first] = wanted;
      if (first === undefined) return;
      const resources = wanted.map(uidsOf);
      const job = await orthanc.modalities.retrieve(there.name, 'move', {
        level: ofLevel[first.level],
        resources,
        timeoutSeconds: Math.ceil(stallLimit / 1000),
        signal,
      });
      await finishJob(job, step);
      context.log.info('repair.retrieved', { level: first.level, resources: resources.length });
    });
    // Who has fallen silent is not asked for the others at once.
    if (failure?.code === stalled) return;
  }
}

/** With those of all levels above, as strict modalities want it. */
const uidsOf = ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: Item): Record<string, string> => ({
  StudyInstanceUID: studyInstanceUid,
  ...(seriesInstanceUid !== undefined && { SeriesInstanceUID: seriesInstanceUid }),
  ...(sopInstanceUid !== undefined && { SOPInstanceUID: sopInstanceUid }),
});
