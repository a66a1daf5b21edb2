import type { Conditions, OptionEntry, OptionTable } from './option-entry.ts';
import type { Origin } from './resolve-options.ts';

/** Continues the sentence "--flag (VARIABLE) …" for an option that guards the work and was given empty. */
export const emptyGuard = 'is empty: say what is wanted, or leave it out';

export interface RulesRequest {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly demandsRequired: boolean;
  /** Keys of options that are not missing although they have no value, as another fault tells of them or empty will do. */
  readonly notMissed?: ReadonlySet<string>;
  /** How an option is called where the faults are read. */
  readonly nameOf: (key: string) => string;
}

/** The faults that no option has alone: what is required and missing, what may not be given together. */
export function checkRules(table: OptionTable, request: RulesRequest): string[] {
  return [
    ...(request.demandsRequired ? missing(table, request) : []),
    ...conflicting(table, request),
    ...wrongBesideOthers(table, request),
  ];
}

/** What was given and is accepted, but does not do what a person may expect of it. */
export function findDoubts(table: OptionTable, request: RulesRequest): string[] {
  return Object.entries(table)
    .filter(([key]) => isGiven(key, request))
    .flatMap(([key, entry]) => {
      const doubt = idleReason(entry, request) ?? entry.doubt(request.values[key], request.values);
      return doubt === undefined ? [] : [`${request.nameOf(key)} ${doubt}.`];
    });
}

function idleReason({ idleWhen, idleUnless }: OptionEntry, request: RulesRequest): string | undefined {
  const names = (conditions: Conditions) => Object.keys(conditions).map(request.nameOf).join(' and ');
  if (idleWhen !== undefined && holds(idleWhen, request))
    return `has no effect: ${names(idleWhen)} wins over it`;
  if (idleUnless !== undefined && !holds(idleUnless, request))
    return `has no effect without ${names(idleUnless)}`;
  return undefined;
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
  const { values, origins, notMissed, nameOf } = request;
  return Object.entries(table).flatMap(([key, { isRequired, requiredWhen }]) => {
    // What was given wrongly has its own fault already.
    if (values[key] !== undefined || origins[key] !== 'default') return [];
    if (notMissed?.has(key) === true) return [];
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

function wrongBesideOthers(table: OptionTable, { values, nameOf }: RulesRequest): string[] {
  return Object.entries(table).flatMap(([key, entry]) => {
    const value = values[key];
    const fault = value === undefined ? undefined : entry.checkBeside(value, values);
    return fault === undefined ? [] : [`${nameOf(key)} ${fault}.`];
  });
}
