import type { WeighedStudy } from '../plan/weigh-plan.ts';

/** So many studies are looked at together at most, however small they are. */
const mostStudies = 200;

/** Whole studies, in their order, until they hold so many instances. Pure. */
export function* portionsOf(
  due: readonly WeighedStudy[],
  instances: number,
): Generator<readonly WeighedStudy[]> {
  let [portion, held]: [WeighedStudy[], number] = [[], 0];
  for (const study of due) {
    if (portion.length > 0 && (held + study.instances > instances || portion.length === mostStudies)) {
      yield portion;
      [portion, held] = [[], 0];
    }
    portion.push(study);
    held += study.instances;
  }
  if (portion.length > 0) yield portion;
}
