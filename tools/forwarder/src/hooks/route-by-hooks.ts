import { sideBySide } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { atOnce } from '../at-once.ts';
import type { Outgoing } from '../open-route.ts';
import { orGone } from '../or-gone.ts';
import type { Routing } from '../routing.ts';
import type { SeriesFacts } from '../wants-series.ts';
import { hookInstance } from './hook-instance.ts';
import type { Hooks } from './use-hooks.ts';

interface Question {
  readonly instances: readonly Outgoing[];
  readonly facts: ReadonlyMap<string, SeriesFacts>;
  readonly hooks: Pick<Hooks, 'filterStudy' | 'filterInstance'>;
  readonly inbox: Orthanc;
  readonly signal: AbortSignal;
}

/**
 * Of those who want a series, the destinations that the hooks let have it; where instances are asked about one by one, of
 * each instance, and of no series as a whole.
 */
export async function routeByHooks(route: Routing, question: Question): Promise<Routing> {
  const routing = await routeStudies(route, question);
  return routeInstances(routing, question);
}

async function routeStudies(
  route: Routing,
  { instances, facts, hooks: { filterStudy } }: Question,
): Promise<Routing> {
  if (filterStudy === undefined) return route;
  const routing = new Map(route);
  for (const [id, members] of Map.groupBy(instances, ({ studyId }) => studyId)) {
    const ofStudy = new Set(members.map(({ seriesId }) => seriesId));
    for (const destination of new Set([...ofStudy].flatMap((one) => route.get(one) ?? []))) {
      const wanted = [...ofStudy].filter((one) => route.get(one)?.includes(destination));
      const series = wanted.flatMap((one) => {
        const known = facts.get(one);
        return known === undefined ? [] : [{ id: one, ...known }];
      });
      const count = members.filter(({ seriesId }) => wanted.includes(seriesId)).length;
      if (await filterStudy({ destination, id, instances: count, series })) continue;
      for (const one of wanted)
        routing.set(
          one,
          (routing.get(one) ?? []).filter((name) => name !== destination),
        );
    }
  }
  return routing;
}

async function routeInstances(
  route: Routing,
  { instances, hooks: { filterInstance }, inbox, signal }: Question,
): Promise<Routing> {
  if (filterInstance === undefined) return route;
  const routing = new Map(route);
  await sideBySide(instances, atOnce, async (instance) => {
    const names = route.get(instance.seriesId) ?? [];
    const kept: string[] = [];
    routing.set(instance.id, kept);
    if (names.length === 0) return;
    const tags = await inbox.instances.tags(instance.id, signal).catch(orGone);
    for (const name of names) if (await filterInstance(hookInstance(instance, tags, name))) kept.push(name);
  });
  // What comes into a series meanwhile was not asked about: nobody has it before it was.
  for (const id of route.keys()) routing.delete(id);
  return routing;
}
