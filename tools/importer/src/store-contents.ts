import { createHash } from 'node:crypto';
import { hashInstance } from '@orthanc-tools/copy-proof';
import { type Failure, ambiguousFailure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type Orthanc, type StoreReceipt, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Turns } from './by-turns.ts';
import type { Content } from './content.ts';
import { type Identity, identify } from './identify.ts';
import type { LabelGate } from './label-gate.ts';
import { type HeldFile, lookUp } from './look-up.ts';
import type { Outcome } from './outcome.ts';

export interface StoreContext {
  readonly orthanc: Orthanc;
  readonly canFind: boolean;
  readonly gate: LabelGate;
  readonly turns: Turns;
  readonly signal: AbortSignal;
}

interface Parcel {
  readonly content: Content;
  readonly identity: Identity | undefined;
}

/** A parcel after it was sent, or after it was found to be there. */
interface Placed extends Parcel {
  readonly id: string;
  readonly md5: string;
  readonly isNew: boolean;
}

/**
 * Stores what Orthanc does not hold yet and proves all of it: what Orthanc holds must have the MD5 of what was read.
 * Looks before it sends, so that nothing is overwritten whatever Orthanc is configured to do.
 */
export async function storeContents(contents: readonly Content[], context: StoreContext): Promise<Outcome[]> {
  const parcels = contents.map((content) => ({ content, identity: identify(content.head) }));
  const ids = parcels.flatMap(({ identity }) => (identity === undefined ? [] : [identity.id]));
  return context.turns.holding(ids, async () => {
    const outcomes = new Map<Parcel, Outcome>();
    // Of several with the same identifiers the first is stored and proved before the next is looked at.
    for (let left = parcels; left.length > 0;) {
      const round = left.filter(
        ({ identity }, at) =>
          identity === undefined || left.findIndex((other) => other.identity?.id === identity.id) === at,
      );
      for (const [parcel, outcome] of await storeDistinct(round, context)) outcomes.set(parcel, outcome);
      left = left.filter((parcel) => !round.includes(parcel));
    }
    return parcels.map((parcel) => outcomes.get(parcel) ?? lost());
  });
}

function lost(): never {
  throw new Error('a content was left without an outcome');
}

async function storeDistinct(
  parcels: readonly Parcel[],
  context: StoreContext,
): Promise<Map<Parcel, Outcome>> {
  const outcomes = new Map<Parcel, Outcome>();
  const known = parcels.flatMap(({ identity }) => (identity === undefined ? [] : [identity]));
  const before = await lookUp(context.orthanc, known, context);
  const placed: (readonly [Parcel, Placed])[] = [];
  for (const parcel of parcels) {
    const there = parcel.identity && before.get(parcel.identity.id);
    try {
      if (there === undefined) placed.push([parcel, await send(parcel, context)]);
      else outcomes.set(parcel, await compareWith(there, await readOnly(parcel), context));
    } catch (error) {
      outcomes.set(parcel, refused(parcel, ofItem(error)));
    }
  }
  if (placed.length === 0) return outcomes;
  const wanted = placed.map(([, { id, identity }]) => ({ id, sopInstanceUid: identity?.sopInstanceUid }));
  const after = await lookUp(context.orthanc, wanted, context);
  for (const [parcel, sent] of placed)
    outcomes.set(parcel, await compareWith(after.get(sent.id), sent, context));
  return outcomes;
}

const refused = ({ content, identity }: Parcel, failure: Failure): Outcome => ({
  status: 'refused',
  failure,
  id: identity?.id,
  studyId: identity?.studyId,
  size: content.size,
});

/** @throws what concerns the whole run, and what is no failure */
function ofItem(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined || failure.scope === 'run') throw error;
  return failure;
}

/** So much is held and sent in one piece; more is streamed (bytes). */
const largestHeld = 4 * 1024 * 1024;

async function send(parcel: Parcel, { orthanc, gate, signal }: StoreContext): Promise<Placed> {
  const { content, identity } = parcel;
  const hash = createHash('md5');
  const pieces = hashed(content.body(), (piece) => hash.update(piece));
  const held = content.size > largestHeld ? undefined : await collect(pieces);
  const receipt = await gate.store(identity?.studyId, async () => {
    const body = held ?? { body: pieces, length: content.size };
    const [first] = await orthanc.instances.store(body, signal);
    return first;
  });
  const id = acceptedId(receipt);
  return { ...parcel, id, md5: hash.digest('hex'), isNew: receipt?.status === 'Success' };
}

async function* hashed(body: AsyncIterable<Buffer>, update: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of body) {
    update(piece);
    yield piece;
  }
}

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces;
}

function acceptedId(receipt: StoreReceipt | undefined): string {
  const refusal = receipt && refusalIn(receipt);
  if (refusal !== undefined) throw refusal;
  if (receipt?.id === undefined)
    throw ambiguousFailure('ORTHANC_NO_RECEIPT', 'Orthanc gave no receipt for the instance.');
  return receipt.id;
}

/** What is there already is read for its MD5 only. */
async function readOnly(parcel: Parcel): Promise<Placed> {
  const hash = createHash('md5');
  for await (const piece of parcel.content.body()) hash.update(piece);
  return { ...parcel, id: parcel.identity?.id ?? lost(), md5: hash.digest('hex'), isNew: false };
}

async function compareWith(
  held: HeldFile | undefined,
  placed: Placed,
  context: StoreContext,
): Promise<Outcome> {
  const { id, md5, content, isNew, identity } = placed;
  const known = { id, studyId: identity?.studyId, md5, size: content.size };
  const status = isNew ? 'stored' : 'already-there';
  try {
    const proof = await proofOf(held, placed, context);
    // A study that was there before gets its labels too.
    if (!isNew && identity !== undefined) await context.gate.label(identity.studyId);
    return { ...known, status, proof };
  } catch (error) {
    return { ...known, status: 'refused', failure: ofItem(error) };
  }
}

async function proofOf(
  held: HeldFile | undefined,
  { id, md5, isNew, content }: Placed,
  { orthanc, signal }: StoreContext,
): Promise<'id+md5' | 'id+content' | 'id'> {
  if (held === undefined)
    throw permanentFailure('NOT_THERE_AFTER_STORING', 'Orthanc stored the instance, and does not hold it.');
  if (held.md5 === md5) return 'id+md5';
  if (held.md5 !== undefined) throw otherContent(isNew);
  if (isNew && held.size === content.size) return 'id';
  if ((await hashInstance(orthanc, id, signal)) !== md5) throw otherContent(isNew);
  return 'id+content';
}

const otherContent = (isNew: boolean): Failure =>
  isNew
    ? permanentFailure('CONTENT_CHANGED', 'Orthanc changed the content when it stored it.')
    : permanentFailure('CONTENT_CONFLICT', 'Orthanc holds other content under the same identifiers.');
