import type { Turns } from './by-turns.ts';
import type { Content } from './content.ts';
import { type Read, hasFailed, whileHeld } from './hold-together.ts';
import { identify } from './identify.ts';
import type { LookFirst } from './look-first.ts';
import { type HeldFile, lookUp } from './look-up.ts';
import type { Outcome } from './outcome.ts';
import { concludePlaced, ofItem, refusedParcel } from './prove-content.ts';
import { isPlaced, sendParcels } from './send-batch.ts';
import { type Parcel, type Placed, type SendContext, readParcel } from './send-content.ts';

export interface StoreContext extends SendContext {
  readonly canFind: boolean;
  readonly lookFirst: LookFirst;
  readonly turns: Turns;
}

/**
 * Stores what Orthanc does not hold yet and proves all of it: what Orthanc holds must have the MD5 of what was read.
 * Nothing is overwritten, whatever Orthanc is configured to do.
 */
export async function storeContents(contents: readonly Content[], context: StoreContext): Promise<Outcome[]> {
  const parcels = contents.map((content) => ({ content, identity: identify(content.head) }));
  const ids = parcels.flatMap(({ identity }) => (identity === undefined ? [] : [identity.id]));
  return context.turns.holding(ids, async () => {
    const outcomes = new Map<Parcel, Outcome>();
    // Of several with the same identifiers the first is stored and proved before the next is looked at.
    for (let left: readonly Parcel[] = parcels; left.length > 0;) {
      const { now, later } = distinctIn(left);
      for (const [parcel, outcome] of await storeAndLearn(now, context)) outcomes.set(parcel, outcome);
      left = later;
    }
    return parcels.map((parcel) => outcomes.get(parcel) ?? lost());
  });
}

function lost(): never {
  throw new Error('a content was left without an outcome');
}

function distinctIn(parcels: readonly Parcel[]): { now: Parcel[]; later: Parcel[] } {
  const [now, later]: [Parcel[], Parcel[]] = [[], []];
  const seen = new Set<string>();
  for (const parcel of parcels) {
    const id = parcel.identity?.id;
    (id !== undefined && seen.has(id) ? later : now).push(parcel);
    if (id !== undefined) seen.add(id);
  }
  return { now, later };
}

async function storeAndLearn(
  parcels: readonly Parcel[],
  context: StoreContext,
): Promise<ReadonlyMap<Parcel, Outcome>> {
  let mayHold = true;
  try {
    const stored = await storeDistinct(parcels, context);
    mayHold = stored.mayHold;
    return stored.outcomes;
  } finally {
    context.lookFirst.learn(mayHold);
  }
}

interface Stored {
  readonly outcomes: ReadonlyMap<Parcel, Outcome>;
  /** Orthanc held some of them before, or may hold some that were sent without an answer. */
  readonly mayHold: boolean;
}

async function storeDistinct(parcels: readonly Parcel[], context: StoreContext): Promise<Stored> {
  const outcomes = new Map<Parcel, Outcome>();
  const before = await lookBefore(parcels, context);
  const isThere = ({ identity }: Parcel) => identity !== undefined && before.has(identity.id);
  let mayHold = before.size > 0;
  await whileHeld(parcels.filter(isThere), context.distance.known.room, async (parcel, read) => {
    outcomes.set(parcel, await compareHeld(parcel, { read, before }, context));
  });
  const missing = parcels.filter((parcel) => !isThere(parcel));
  const sent = await sendParcels(missing, { ...context, isFar: await isFarFor(missing, context) });
  const placed = [...sent.values()].filter(isPlaced);
  const after =
    placed.length === 0 ? undefined : await lookUp(context.orthanc, placed.map(wantedOf), context);
  for (const [parcel, became] of sent) {
    // Where the answer was lost it may be there.
    mayHold ||= !isPlaced(became) || !became.isNew;
    const outcome = isPlaced(became)
      ? await concludePlaced(after?.get(became.id), became, context)
      : refusedParcel(parcel, became);
    outcomes.set(parcel, outcome);
  }
  return { outcomes, mayHold };
}

const isFarFor = async (parcels: readonly Parcel[], { distance }: StoreContext): Promise<boolean> =>
  parcels.length > 1 && (await distance.measure()).isFar;

async function compareHeld(
  parcel: Parcel,
  { read, before }: { readonly read: Read; readonly before: ReadonlyMap<string, HeldFile> },
  context: StoreContext,
): Promise<Outcome> {
  const id = parcel.identity?.id ?? '';
  try {
    if (hasFailed(read)) throw read.error;
    return await concludePlaced(before.get(id), await readParcel(parcel, read, id), context);
  } catch (error) {
    return refusedParcel(parcel, ofItem(error));
  }
}

async function lookBefore(
  parcels: readonly Parcel[],
  context: StoreContext,
): Promise<ReadonlyMap<string, HeldFile>> {
  if (!context.lookFirst.isWise) return new Map();
  const known = parcels.flatMap(({ identity }) => (identity === undefined ? [] : [identity]));
  return lookUp(context.orthanc, known, context);
}

const wantedOf = ({ id, identity }: Placed) => ({ id, sopInstanceUid: identity?.sopInstanceUid });
