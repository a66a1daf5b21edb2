import type { Conditions, OptionTable } from './option-entry.ts';
import type { Origin } from './resolve-options.ts';

export interface RulesRequest {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly demandsRequired: boolean;
  /** How an option is called where the faults are read. */
  readonly nameOf: (key: string) => string;
}

/** The faults that no option has alone: what is required and missing, what may not be given together. */
export function checkRules(table: OptionTable, request: RulesRequest): string[] {
  return [...(request.demandsRequired ? missing(table, request) : []), ...conflicting(table, request)];
}

function isGiven(key: string, { origins, values }: RulesRequest): boolean {
  // A switch turned off by hand asks for nothing that could clash.
  return origins[key] !== 'default' && values[key] !== false;
}

function holds(conditions: Conditions, request: RulesRequest): boolean {
  return Object.entries(conditions).every(([key, rule]) =>
    rule === 'set' ? isGiven(key, request) : rule.some((value) => value === request.values[key]),
  );
}

function told(conditions: Conditions, { values, nameOf }: RulesRequest): string {
  return Object.entries(conditions)
    .map(([key, rule]) => (rule === 'set' ? nameOf(key) : `${nameOf(key)} = ${String(values[key])}`))
    .join(' and ');
}

function missing(table: OptionTable, request: RulesRequest): string[] {
  const { values, origins, nameOf } = request;
  return Object.entries(table).flatMap(([key, { isRequired, requiredWhen }]) => {
    // What was given wrongly has its own fault already.
    if (values[key] !== undefined || origins[key] !== 'default') return [];
    if (isRequired) return [`${nameOf(key)} is required.`];
    if (requiredWhen === undefined || !holds(requiredWhen, request)) return [];
    return [`${nameOf(key)} is required with ${told(requiredWhen, request)}.`];
  });
}

function conflicting(table: OptionTable, request: RulesRequest): string[] {
  const { nameOf } = request;
  return Object.entries(table).flatMap(([key, { conflictsWith }]) =>
    Object.entries(conflictsWith ?? {})
      .filter(([other, rule]) => isGiven(key, request) && holds({ [other]: rule }, request))
      .map(
        ([other, rule]) =>
          `${nameOf(key)} cannot be given together with ${told({ [other]: rule }, request)}.`,
      ),
  );
}
