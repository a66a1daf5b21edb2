/** Values of another option under which a rule applies; `set` means: whenever the other one was given. */
export type Conditions = Readonly<Record<string, readonly (string | number | boolean)[] | 'set'>>;

/** How a tool writes a file that an option names. */
export type Writing = 'anew' | 'in place';

/** What every kind of option may say about itself. `Value` is the parsed value; `Written` is how a default is written. */
export interface OptionSettings<Value, Written = Value> {
  /** One or two sentences for a hospital administrator; ends with a full stop. */
  readonly describe: string;
  readonly default?: Written;
  readonly required?: boolean;
  /** Required when each of the named options has one of the values. */
  readonly requiredWhen?: Conditions;
  /** Given but empty, it is there as far as `requiredWhen` goes: a password may be none. */
  readonly mayBeEmpty?: boolean;
  /** Keys of options that may not be given together with this one, or the values with which it clashes. */
  readonly conflictsWith?: readonly string[] | Conditions;
  /** When what is given has no effect, because another option wins; worth a warning. */
  readonly idleWhen?: Conditions;
  /** What it takes for the option to have an effect; worth a warning where that is not so. */
  readonly idleUnless?: Conditions;
  /** Heading in help and documentation. */
  readonly group?: string;
  /** Other camelCase keys, accepted as flag, variable and file key, never shown. */
  readonly aliases?: readonly string[];
  /** Other camelCase keys accepted as flags only, where the variable would clash with the system's (`user`). */
  readonly flags?: readonly string[];
  /** Other variable names, such as `TZ`; read after the option's own. */
  readonly variables?: readonly string[];
  /** It narrows what the tool works on: given, but empty, it would mean all, which nobody means who writes it. */
  readonly narrows?: boolean;
  /** It keeps the tool from doing harm: given, but empty, it would be off, which nobody means who writes it. */
  readonly guards?: boolean;
  /**
   * Of a path: the tool puts a new file there, or writes to the one that is there. No other option may name the same file,
   * and only what is written to in place may be a device or a pipe.
   */
  readonly written?: Writing;
  /** Accepted, but not shown. */
  readonly hidden?: boolean;
  /** Neither variable nor file key: for what belongs to one command line, such as `--json`. */
  readonly flagOnly?: boolean;
  /** Sub-commands that use it too, where most serve the work itself only; their help shows it. */
  readonly commands?: readonly string[];
  /** Stands for the value in help (`FILE`); each kind has one of its own. */
  readonly placeholder?: string;
  /** What the flag alone stands for; without it, a flag needs a value. */
  readonly whenBare?: string;
  /** A value to show in the documentation. */
  readonly example?: string;
  /** What is wrong with the value, continuing the sentence "--flag (VARIABLE) …"; never repeats a secret. */
  check?(value: Value): string | undefined;
  /** What is wrong with the value beside those of other options; continues the same sentence. */
  checkBeside?(value: Value, values: Readonly<Record<string, unknown>>): string | undefined;
  /** What a person may want to know about a value that is accepted; continues the same sentence. */
  doubt?(value: Value, values: Readonly<Record<string, unknown>>): string | undefined;
}

export type OptionKind =
  | 'text'
  | 'secret'
  | 'url'
  | 'count'
  | 'duration'
  | 'oneOf'
  | 'toggle'
  | 'filePath'
  | 'textList'
  | 'headerList'
  | 'configFile';

/** `fault` continues the sentence "--flag (VARIABLE) …" and never repeats a secret. */
export type Parsed<Value> = { readonly value: Value } | { readonly fault: string };

/** One declared option; made by `text`, `count`, …, never by hand. `Required` is in the type for `RelaxedOptionsOf`. */
export interface OptionEntry<Value = unknown, Required extends boolean = boolean> {
  readonly kind: OptionKind;
  readonly describe: string;
  readonly group: string;
  readonly placeholder: string;
  readonly isRequired: Required;
  readonly isHidden: boolean;
  /** Of a path where the tool writes. */
  readonly written: Writing | undefined;
  readonly isFlagOnly: boolean;
  readonly hasDefault: boolean;
  readonly default: Value | undefined;
  readonly requiredWhen: Conditions | undefined;
  readonly mayBeEmpty: boolean;
  readonly narrows: boolean;
  readonly guards: boolean;
  readonly conflictsWith: Conditions | undefined;
  readonly idleWhen: Conditions | undefined;
  readonly idleUnless: Conditions | undefined;
  readonly commands: readonly string[];
  readonly aliases: readonly string[];
  readonly flags: readonly string[];
  readonly variables: readonly string[];
  readonly whenBare: string | undefined;
  readonly example: string | undefined;
  /** For help: the permitted values or range. */
  readonly permitted: string | undefined;
  /** Reads what was given; a kind that takes one value gets the last of several. Never called with empty texts only. */
  readonly parse: (texts: readonly string[]) => Parsed<Value>;
  /** As a person would write it, without secrets. */
  format(value: Value): string;
  check(value: Value): string | undefined;
  checkBeside(value: Value, values: Readonly<Record<string, unknown>>): string | undefined;
  doubt(value: Value, values: Readonly<Record<string, unknown>>): string | undefined;
}

export type OptionTable = Readonly<Record<string, OptionEntry>>;

/** The values of a table, by key. An option without default that is not required may be `undefined`. */
export type OptionsOf<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends OptionEntry<infer Value> ? Value : never;
};

/** The values when nothing is demanded: what `status` and `requeue` get. */
export type RelaxedOptionsOf<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends OptionEntry<infer Value, infer Required>
    ? Required extends true
      ? Value | undefined
      : Value
    : never;
};

type OptionalKeys<Table extends OptionTable> = {
  [Key in keyof Table]: Table[Key] extends OptionEntry<unknown, infer Required>
    ? Required extends true
      ? never
      : Key
    : never;
}[keyof Table];

/** What a script passes to a tool's function: only required options must be there. */
export type GivenOptions<Table extends OptionTable> = Omit<OptionsOf<Table>, OptionalKeys<Table>> & {
  readonly [Key in OptionalKeys<Table>]?: OptionsOf<Table>[Key] | undefined;
};

/** The value type that settings lead to: `undefined` unless required or given a default. */
export type Present<Settings, Value> = Settings extends
  { readonly default: unknown } | { readonly required: true }
  ? Value
  : Value | undefined;

export type Demanded<Settings> = Settings extends { readonly default: unknown }
  ? false
  : Settings extends { readonly required: true }
    ? true
    : false;

/** What one kind of option knows: the rest of the entry follows from the settings. */
export interface OptionNature<Value, Written = Value> {
  readonly kind: OptionKind;
  readonly placeholder: string;
  readonly permitted?: string | undefined;
  parse(texts: readonly string[]): Parsed<Value>;
  format(value: Value): string;
  /** From the way a default is written to the value. */
  readDefault?(written: Written): Value;
}
