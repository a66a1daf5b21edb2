import type {
  Conditions,
  Demanded,
  OptionEntry,
  OptionNature,
  OptionSettings,
  Present,
} from './option-entry.ts';

function asConditions(rule: readonly string[] | Conditions | undefined): Conditions | undefined {
  if (!isListOfKeys(rule)) return rule;
  return Object.fromEntries(rule.map((key) => [key, 'set'] as const));
}

function isListOfKeys(rule: readonly string[] | Conditions | undefined): rule is readonly string[] {
  return Array.isArray(rule);
}

function defaultOf<Value, Written>(
  nature: OptionNature<Value, Written>,
  settings: OptionSettings<Value, Written>,
): Value | undefined {
  const written = settings.default;
  if (written === undefined) return undefined;
  if (nature.readDefault) return nature.readDefault(written);
  // Without readDefault, values are written as they are.
  return written as unknown as Value;
}

/** Joins what the kind knows with what the settings say. */
export function declareEntry<Value, Written, Settings extends OptionSettings<Value, Written>>(
  nature: OptionNature<Value, Written>,
  settings: Settings,
): OptionEntry<Present<Settings, Value>, Demanded<Settings>> {
  const entry: OptionEntry<Value> = {
    kind: nature.kind,
    describe: settings.describe,
    group: settings.group ?? 'Options',
    placeholder: settings.placeholder ?? nature.placeholder,
    isRequired: settings.required === true && settings.default === undefined,
    isHidden: settings.hidden === true,
    written: settings.written,
    isFlagOnly: settings.flagOnly === true,
    hasDefault: settings.default !== undefined,
    default: defaultOf(nature, settings),
    requiredWhen: settings.requiredWhen,
    mayBeEmpty: settings.mayBeEmpty === true,
    narrows: settings.narrows === true,
    guards: settings.guards === true,
    conflictsWith: asConditions(settings.conflictsWith),
    idleWhen: settings.idleWhen,
    idleUnless: settings.idleUnless,
    commands: settings.commands ?? [],
    aliases: settings.aliases ?? [],
    flags: settings.flags ?? [],
    variables: settings.variables ?? [],
    whenBare: settings.whenBare,
    example: settings.example,
    permitted: nature.permitted,
    parse: (texts) => nature.parse(texts),
    format: (value) => nature.format(value),
    check: (value) => settings.check?.(value),
    checkBeside: (value, values) => settings.checkBeside?.(value, values),
    doubt: (value, values) => settings.doubt?.(value, values),
  };
  // The two type parameters restate in types what the lines above have computed from the settings.
  return entry as unknown as OptionEntry<Present<Settings, Value>, Demanded<Settings>>;
}

/** The last text given, as Python's argparse has it. */
export function lastOf(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}
