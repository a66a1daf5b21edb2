import type { StudyVerdict } from './comparison.ts';
import { type Item, type State, identityConflict, isDifference } from './item.ts';

/** How a study as a whole ended: `differs` where anything in it does. */
export const dayStates: readonly State[] = ['equal', 'onlyInOrthanc', 'onlyThere', 'differs', 'unknown'];

/** What a run has found so far; grows with the days, not with the studies. */
export interface Tally {
  studies: number;
  instances: number;
  /** Items by state; of equal ones, studies. */
  readonly items: Record<State, number>;
  repaired: number;
  identityConflicts: number;
  /** Studies of a day, by what came of them, in the order of `dayStates`. */
  readonly days: Record<string, number[]>;
  readonly notes: Record<string, { code: string; message: string; times: number }>;
}

export const emptyTally = (): Tally => ({
  studies: 0,
  instances: 0,
  items: { equal: 0, onlyInOrthanc: 0, onlyThere: 0, differs: 0, unknown: 0 },
  repaired: 0,
  identityConflicts: 0,
  days: {},
  notes: {},
});

export function countVerdict(tally: Tally, verdict: StudyVerdict): void {
  tally.studies += 1;
  tally.instances += verdict.commonInstances;
  const state = stateOf(verdict);
  if (verdict.items.every(({ was }) => was !== undefined) && state === 'equal') tally.items.equal += 1;
  const day = (tally.days[verdict.date] ??= dayStates.map(() => 0));
  const at = dayStates.indexOf(state);
  day[at] = (day[at] ?? 0) + 1;
  for (const item of verdict.items) countItem(tally, item);
}

export function countItem(tally: Tally, item: Item): void {
  if (item.was !== undefined && item.state === 'equal') tally.repaired += 1;
  if (item.state !== 'equal') tally.items[item.state] += 1;
  if (item.code === identityConflict) tally.identityConflicts += 1;
}

/** Of a study: missing as a whole, different somewhere, unknown, or equal. */
function stateOf({ items }: StudyVerdict): State {
  const whole = items.find(
    ({ level, state }) => level === 'study' && (state === 'onlyInOrthanc' || state === 'onlyThere'),
  );
  if (whole !== undefined) return whole.state;
  if (items.some(isDifference)) return 'differs';
  return items.some(({ state }) => state === 'unknown') ? 'unknown' : 'equal';
}

export const differencesIn = ({ items }: Pick<Tally, 'items'>): number =>
  items.onlyInOrthanc + items.onlyThere + items.differs;
