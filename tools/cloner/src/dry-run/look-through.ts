import { type Statistics, isAccessRefused } from '@orthanc-tools/orthanc-client';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import { askAboutStudies } from '../ask-about-studies.ts';
import { wantedAmong } from '../feed-studies.ts';
import type { StudyFilter } from '../filters/study-filter.ts';
import type { Before } from './before.ts';
import { type CountedEnds, type StudyCount, countStudies } from './count-studies.ts';
import { evenSample } from './even-sample.ts';
import type { SampleFile } from './measure-reading.ts';

/** What a run would do; counts of studies and instances, sizes in bytes. */
export interface Outlook {
  lookedAt: number;
  studies: number;
  instances: number;
  /** Of those instances whose size the source tells. */
  bytes: number;
  alreadyThereInstances: number;
  provedStudies: number;
  setAsideStudies: number;
  /** Some of the instances that would be copied. */
  sample: readonly SampleFile[];
}

export interface LookRequest extends RunContext, CountedEnds {
  readonly before: Before;
  readonly filter: StudyFilter | undefined;
  /** Undefined where the source does not tell. */
  readonly held: Statistics | undefined;
}

const mostSampled = 64;

/** Goes through all studies of the source, page by page: memory does not grow with their number. */
export async function lookThrough(request: LookRequest): Promise<Outlook> {
  const { source, signal, before, progress, held } = request;
  const sample = evenSample<SampleFile>(mostSampled);
  const outlook: Outlook = { ...nothing };
  for await (const { ids } of source.studies.pages(0, signal)) {
    const wanted = await persist(() => wantedAmong(ids, request), request);
    const visited = (wanted ?? []).filter((id) => {
      const standing = before.standing(id);
      if (standing === 'proved') outlook.provedStudies += 1;
      if (standing === 'set aside') outlook.setAsideStudies += 1;
      return standing === 'to be visited';
    });
    await askAboutStudies(visited, async (some) => {
      const counts = await persist(() => countStudies(some, request), request);
      for (const count of counts ?? []) {
        addTo(outlook, count);
        for (const file of count.missing) sample.add(file);
      }
    });
    outlook.lookedAt += ids.length;
    progress.update(standingOf(outlook, held));
    if (signal.aborted) break;
  }
  return { ...outlook, sample: sample.values };
}

const nothing: Outlook = {
  ...{ lookedAt: 0, studies: 0, instances: 0, bytes: 0, alreadyThereInstances: 0 },
  ...{ provedStudies: 0, setAsideStudies: 0, sample: [] },
};

const persist = <Answer>(ask: () => Promise<Answer>, request: LookRequest) =>
  patiently(ask, { ...request, bears: isAccessRefused });

function addTo(outlook: Outlook, { missing, alreadyThere }: StudyCount): void {
  if (missing.length > 0) outlook.studies += 1;
  outlook.instances += missing.length;
  outlook.bytes += missing.reduce((sum, { size = 0 }) => sum + size, 0);
  outlook.alreadyThereInstances += alreadyThere;
}

const standingOf = ({ lookedAt, instances, bytes }: Outlook, held: Statistics | undefined) => ({
  doneItems: lookedAt,
  ...(held !== undefined && { totalItems: Math.max(held.studies, lookedAt) }),
  doneParts: lookedAt,
  ...(held !== undefined && { totalParts: Math.max(held.studies, lookedAt) }),
  doneBytes: bytes,
  setAside: 0,
  note: `studies looked at; to be copied: ${String(instances)} instances`,
});
