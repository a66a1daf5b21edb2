import { types } from 'node:util';
import { asFailure } from '@orthanc-tools/failures';
import { isSecretName, mask } from './mask-secrets.ts';
import type { MaskText } from './mask-secrets.ts';

/** What a line may carry besides its event; units stand in the names (`durationMs`). */
export type Facts = Readonly<Record<string, unknown>>;

const longestText = 8192;
const deepestLevel = 6;
const mostMembers = 200;

const ownFields: ReadonlySet<string> = new Set(['time', 'level', 'event']);

interface Walk {
  readonly maskText: MaskText;
  /** The objects that hold the present one: a cycle ends at one of them. */
  readonly above: readonly object[];
}

/**
 * Facts as a line can hold them: without secrets, and whatever they are (errors, cycles, big integers) without throwing.
 * A fact cannot take the place of `time`, `level` or `event`: it gets an underscore.
 */
export function loggableFacts(facts: Facts, maskText: MaskText): Record<string, unknown> {
  const walk: Walk = { maskText, above: [facts] };
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      ownFields.has(name) ? `${name}_` : name,
      loggableField(name, fact, walk),
    ]),
  );
}

function loggableField(name: string, fact: unknown, walk: Walk): unknown {
  const isGiven = fact !== undefined && fact !== null && typeof fact !== 'boolean';
  // An object below such a name says for itself what is secret in it: { value: '***', origin: 'flag' }.
  const isPlain = typeof fact === 'object' && !Array.isArray(fact);
  return isGiven && !isPlain && isSecretName(name) ? mask : loggable(fact, walk);
}

function loggable(fact: unknown, walk: Walk): unknown {
  if (typeof fact === 'string') return shortened(walk.maskText(fact));
  if (typeof fact === 'bigint' || typeof fact === 'symbol') return fact.toString();
  if (typeof fact === 'number') return Number.isFinite(fact) ? fact : String(fact);
  if (typeof fact === 'function') return undefined;
  return typeof fact === 'object' && fact !== null ? loggableObject(fact, walk) : fact;
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}… (${text.length} characters)`;
}

function loggableObject(fact: object, walk: Walk): unknown {
  if (walk.above.includes(fact)) return '[circular]';
  if (walk.above.length > deepestLevel) return '[deep]';
  const inside: Walk = { ...walk, above: [...walk.above, fact] };
  if (types.isDate(fact)) return Number.isNaN(fact.getTime()) ? 'Invalid Date' : fact.toISOString();
  if (fact instanceof URL) return loggable(fact.href, walk);
  // Bytes are never shown: they may be a patient's.
  if (ArrayBuffer.isView(fact) || types.isAnyArrayBuffer(fact)) return `[${fact.byteLength} bytes]`;
  if (types.isNativeError(fact)) return loggableError(fact, inside);
  if (types.isMap(fact))
    return fields(
      [...fact].map(([name, value]) => [String(name), value]),
      inside,
    );
  if (Array.isArray(fact) || types.isSet(fact)) return members([...fact], inside);
  return fields(Object.entries(fact), inside);
}

function members(list: readonly unknown[], walk: Walk): unknown[] {
  const shown = list.slice(0, mostMembers).map((member) => loggable(member, walk));
  return list.length > mostMembers ? [...shown, `… (${list.length} members)`] : shown;
}

function fields(entries: readonly (readonly [string, unknown])[], walk: Walk): Record<string, unknown> {
  const shown = entries
    .slice(0, mostMembers)
    .map(([name, value]) => [name, loggableField(name, value, walk)] as const);
  const rest = entries.length > mostMembers ? [['…', `${entries.length} fields`] as const] : [];
  return Object.fromEntries([...shown, ...rest]);
}

/** A failure was foreseen: its code says where it comes from. Any other error is a defect, and keeps its stack. */
function loggableError(error: Error, walk: Walk): Record<string, unknown> {
  const failure = asFailure(error);
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(failure ? { kind: failure.kind, facts: loggable(failure.facts, walk) } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: loggable(error.message, walk),
    ...(error.cause === undefined ? {} : { cause: loggable(error.cause, walk) }),
    ...(failure || error.stack === undefined ? {} : { stack: loggable(error.stack, walk) }),
  };
}
