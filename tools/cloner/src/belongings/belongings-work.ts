import type { BelongingsMemory } from './belongings-memory.ts';
import type { Choice } from './belonging.ts';
import type { NumberMatch } from './match-numbers.ts';
import type { BelongingsRules } from './plan-belongings.ts';

/** How belongings travel in a run; the work is left out where none are to. */
export interface BelongingsWork extends Choice {
  readonly rules: BelongingsRules;
  readonly memory: BelongingsMemory;
  readonly numbers: NumberMatch;
  /** The list of instances tells what belongs to them (`HasExtendedFind`); otherwise it is asked for. */
  readonly isToldWithInstances: boolean;
}
