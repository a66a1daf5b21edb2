import { createHash } from 'node:crypto';
import { configurationError } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom, firstQuestion } from '@orthanc-tools/orthanc-client';
import type { OptionsOf } from '@orthanc-tools/tool-options';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { byLevel } from './attributes.ts';
import { type BothEnds, haveOneAddress, lookApart, refuseItself } from './check-apart.ts';
import type { Comparison } from './comparison.ts';
import type { Depth } from './depth.ts';
import { orElse } from './item-failure.ts';
import { type AttributeSource, knownAttributes } from './known-attributes.ts';
import { type FileSource, haveSameDataSet } from './same-data-set.ts';
import { modalitySide } from './modality-side.ts';
import type { comparatorOptions } from './options.ts';
import { orthancSide } from './orthanc-side.ts';
import { impatientFind, patientFind, persistence, waitForOrthanc } from './persistence.ts';
import type { Side } from './side.ts';
import type { Tally } from './tally.ts';

export type ComparatorOptions = OptionsOf<typeof comparatorOptions>;

export interface OpenSides extends AsyncDisposable {
  readonly orthanc: Orthanc;
  /** The other Orthanc, where it is one. */
  readonly other: Orthanc | undefined;
  readonly here: Side;
  readonly there: Side;
  readonly depth: Depth;
  /** Whether two files that Orthancs hold are the same; where the other side is none, nobody asks. */
  haveSameContent(hereId: string, thereId: string): Promise<boolean>;
  /** The same two, asked for instances: where only studies or series are compared, what a repair did is seen no higher. */
  readonly inDepth: InDepth;
}

export type InDepth = Pick<Comparison, 'here' | 'there' | 'depth'>;

/** Connects both sides; an Orthanc that is away is waited for. */
export async function openSides(options: ComparatorOptions, context: RunContext): Promise<OpenSides> {
  await using stack = new AsyncDisposableStack();
  const orthanc = stack.use(connectOrthanc(connectionFrom(options, 'orthanc')));
  const { destUrl, modality, level } = options;
  const other =
    destUrl === undefined
      ? undefined
      : stack.use(connectOrthanc(connectionFrom({ ...options, destUrl }, 'dest')));
  refuseItself(haveOneAddress({ orthanc, other }));
  const opening = { options, context };
  const here = await openOrthanc(orthanc, 'orthanc', opening);
  const there = other === undefined ? undefined : await openOrthanc(other, 'dest', opening);
  await checkSameness({ orthanc, other, modality, signal: context.signal }, here.source, context);
  const sources = [here.source, ...(there === undefined ? [] : [there.source])];
  const attributes = byLevel(await knownAttributes(options.attributes ?? [], sources));
  const depth: Depth = { level, attributes };
  const sides = sidesAt(here.at, there?.at ?? modalityAt(orthanc, opening), depth);
  const kept = stack.move();
  return {
    orthanc,
    other,
    ...sides,
    haveSameContent: async (hereId, thereId) =>
      there !== undefined && (await haveSameDataSet([here.source, hereId], [there.source, thereId])),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** @throws configuration `DESTINATION_IS_SOURCE` */
async function checkSameness(ends: BothEnds, { persist }: FileSource, { log }: RunContext): Promise<void> {
  // Whoever cannot be asked now is not kept from being compared.
  const sameness = await orElse(undefined, () => persist(() => lookApart(ends)));
  refuseItself(sameness);
  if (sameness !== undefined) log.warn('option.doubted', { message: sameness.found });
}

interface Opening {
  readonly options: ComparatorOptions;
  readonly context: RunContext;
}

type SideAt = (depth: Depth) => Side;

interface OpenOrthanc {
  readonly source: FileSource & AttributeSource;
  readonly at: SideAt;
}

async function openOrthanc(
  orthanc: Orthanc,
  which: 'orthanc' | 'dest',
  { options: { level, maxRetries }, context }: Opening,
): Promise<OpenOrthanc> {
  const { signal } = context;
  const ask = () => firstQuestion(orthanc, which, () => orthanc.system(signal));
  const { hasExtendedFind: isLean, version } = await waitForOrthanc(ask, context);
  if (level === 'Hash' && !isLean)
    throw configurationError(
      'ORTHANC_TOO_OLD',
      `--level (LEVEL): Hash needs Orthanc 1.12.5 or newer; ${orthanc.url} is ${version}.`,
    );
  const source = { orthanc, isLean, signal, persist: persistence({ orthanc, maxRetries, context }) };
  return { source, at: (depth) => orthancSide({ ...source, depth }) };
}

const otherSideMissing =
  'Give --modality (MODALITY), or --dest-url (DEST_URL) to compare with another Orthanc.';

/** What is to be told to somebody who has not said with whom to compare. */
export const otherSideFault = ({ modality, destUrl }: ComparatorOptions): string | undefined =>
  modality === undefined && destUrl === undefined ? otherSideMissing : undefined;

function modalityAt(orthanc: Orthanc, { options, context }: Opening): SideAt {
  const { modality: alias, maxCfindStudyCount: cap, relationalQueries, maxRetries } = options;
  if (alias === undefined) throw configurationError('OPTIONS_INVALID', otherSideMissing);
  const patience = { orthanc, alias, maxRetries, context };
  const modality = {
    alias,
    cap,
    find: patientFind(patience),
    findOnce: impatientFind(patience),
    asksRelationally: relationalQueries,
    onNote: (code: string, message: string) => context.log.info('modality.learnt', { code, message }),
  };
  return (depth) => modalitySide({ ...modality, depth });
}

const byInstance: Depth = { level: 'Instance', attributes: byLevel([]) };

const sidesAt = (here: SideAt, there: SideAt, depth: Depth): InDepth & { readonly inDepth: InDepth } => ({
  here: here(depth),
  there: there(depth),
  depth,
  inDepth: { here: here(byInstance), there: there(byInstance), depth: byInstance },
});

/** What is to be compared, and where notes go. */
export function comparisonOf(sides: OpenSides, options: ComparatorOptions, tally: Tally): Comparison {
  const { haveSameContent, here, there, depth } = sides;
  return {
    here,
    there,
    depth,
    ignoresMissingHere: options.ignoreMissingFromOrthanc,
    ignoresMissingThere: options.ignoreMissingOnModality,
    haveSameContent,
    note: ({ code, message }, times = 1) => {
      const known = (tally.notes[`${code} ${message}`] ??= { code, message, times: 0 });
      known.times += times;
    },
  };
}

/** What makes two runs the same: whatever changes what is found. */
export function fingerprintOf(options: ComparatorOptions, more: readonly string[]): string {
  const { orthancUrl, modality, destUrl, level, attributes, includeUndated } = options;
  const { ignoreMissingFromOrthanc, ignoreMissingOnModality } = options;
  const told = [orthancUrl, modality, destUrl, level, attributes, includeUndated];
  const all = JSON.stringify([...told, ignoreMissingFromOrthanc, ignoreMissingOnModality, ...more]);
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}
