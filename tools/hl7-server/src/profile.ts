import type { FieldPath } from './field-path.ts';
import { parseFieldPath } from './field-path.ts';
import type { NameOrder } from './person-name.ts';

/** A profile as it is written: what it does not say is as in the one that it extends. */
export interface WrittenProfile {
  readonly name?: string;
  readonly extends?: string;
  /** Messages that are orders, such as `ORM^O01`. */
  readonly orders?: readonly string[];
  /** Which fields feed an attribute; the first that holds anything. */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  /** What a value of an attribute becomes, upper case; `*` stands for every other one. */
  readonly translate?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What an attribute is where no field says anything. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly stationByModality?: Readonly<Record<string, string>>;
  readonly assigningAuthorities?: readonly string[];
  readonly nameOrder?: NameOrder;
}

/** A profile ready for use. */
export interface Profile {
  readonly name: string;
  readonly orders: readonly string[];
  readonly sources: ReadonlyMap<string, readonly FieldPath[]>;
  readonly translate: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly defaults: ReadonlyMap<string, string>;
  readonly stationByModality: ReadonlyMap<string, string>;
  /** Whose identifier of a patient is preferred, by PID-3.4.1 or PID-3.5. */
  readonly assigningAuthorities: readonly string[];
  readonly nameOrder: NameOrder;
}

const mapOf = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Map<string, To> => new Map(Object.entries(record).map(([key, value]) => [key, change(value)]));

const upper = (record: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(record).map(([key, value]) => [key.toUpperCase(), value]));

const merged = <Value>(
  key: 'sources' | 'translate' | 'defaults' | 'stationByModality',
  chain: readonly WrittenProfile[],
): Record<string, Value> =>
  Object.assign({}, ...chain.map((profile) => profile[key] ?? {})) as Record<string, Value>;

/**
 * Puts a profile together.
 * @param chain from the most general to the most special
 * @throws TypeError for a field that is none
 */
export function composeProfile(chain: readonly WrittenProfile[]): Profile {
  const last = <Key extends keyof WrittenProfile>(key: Key) =>
    chain.findLast((profile) => profile[key] !== undefined)?.[key];
  const tables = merged<Readonly<Record<string, string>>>('translate', chain);
  for (const profile of chain)
    for (const [keyword, table] of Object.entries(profile.translate ?? {}))
      tables[keyword] = { ...tables[keyword], ...table };
  return {
    name: last('name') ?? 'default',
    orders: (last('orders') ?? []).map((type) => type.toUpperCase()),
    sources: mapOf(merged<readonly string[]>('sources', chain), (paths) => paths.map(parseFieldPath)),
    translate: mapOf(tables, upper),
    defaults: new Map(Object.entries(merged<string>('defaults', chain))),
    stationByModality: upper(merged<string>('stationByModality', chain)),
    assigningAuthorities: last('assigningAuthorities') ?? [],
    nameOrder: last('nameOrder') ?? 'hl7',
  };
}
