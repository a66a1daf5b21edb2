import { type RepairStep, bear } from './repair.ts';

/** C-STORE of what only Orthanc has: all by one job, or each by its own. */
export async function sendItems({ items, sides, context, isCareful }: RepairStep): Promise<void> {
  const ids = items.flatMap(({ orthancId }) => (orthancId === undefined ? [] : [orthancId]));
  const jobs = isCareful ? ids.map((id) => [id]) : [ids];
  const { orthanc, there } = sides;
  const { clock, signal } = context;
  for (const resources of jobs)
    await bear({ context }, async () => {
      if (resources.length === 0) return;
      const job = await orthanc.modalities.store(there.name, resources, { signal });
      await orthanc.jobs.finish(job, { clock, signal });
      context.log.info('repair.sent', { resources: resources.length });
    });
}
