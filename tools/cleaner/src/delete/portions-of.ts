import type { WeighedStudy } from '../plan/weigh-plan.ts';

/** So many studies are looked at together at most, however small they are. */
const mostStudies = 200;

/** So many instances are named to Orthanc in one request at most. */
export const largestRequest = 1000;

/**
 * Whole studies, in their order, until they hold so many instances, or what one request can name: between the last look and the
 * deletion then lies no other one. A larger study is a portion by itself. Pure.
 */
export function* portionsOf(
  due: readonly WeighedStudy[],
  instances: number,
): Generator<readonly WeighedStudy[]> {
  const most = Math.min(instances, largestRequest);
  let [portion, held]: [WeighedStudy[], number] = [[], 0];
  for (const study of due) {
    if (portion.length > 0 && (held + study.instances > most || portion.length === mostStudies)) {
      yield portion;
      [portion, held] = [[], 0];
    }
    portion.push(study);
    held += study.instances;
  }
  if (portion.length > 0) yield portion;
}
