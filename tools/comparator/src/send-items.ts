import { finishJob, stalled } from './finish-job.ts';
import { type RepairStep, bear } from './repair.ts';

/** C-STORE of what only Orthanc has: all by one job, or each by its own. */
export async function sendItems(step: RepairStep): Promise<void> {
  const { items, sides, context, isCareful } = step;
  const ids = items.flatMap(({ orthancId }) => (orthancId === undefined ? [] : [orthancId]));
  const jobs = isCareful ? ids.map((id) => [id]) : [ids];
  const { orthanc, there } = sides;
  const { signal } = context;
  for (const resources of jobs) {
    const failure = await bear({ context }, async () => {
      if (resources.length === 0) return;
      const job = await orthanc.modalities.store(there.name, resources, { signal });
      await finishJob(job, step);
      context.log.info('repair.sent', { resources: resources.length });
    });
    if (failure?.code === stalled) return;
  }
}
