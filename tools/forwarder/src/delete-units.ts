import { asFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Claim, LedgerView } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { listUnits } from './list-units.ts';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { planDeletion } from './plan-deletion.ts';
import { proveAgain, provedAt } from './prove-again.ts';
import { type Routing, readRouting } from './routing.ts';
import type { TransferLog } from './transfer-log.ts';
import type { UnitLevel } from './unit.ts';

export interface DeletionContext {
  readonly inbox: Orthanc;
  readonly routings: Pick<LedgerView, 'remembered'>;
  readonly level: UnitLevel;
  readonly destinations: readonly OpenDestination[];
  readonly transfers: TransferLog;
}

/** Deletes from the inbox what is proved at every destination that wants it, and nothing else. */
export async function deleteUnits(
  claims: readonly Claim[],
  hand: Hand,
  context: DeletionContext,
): Promise<void> {
  const { inbox, level } = context;
  const keys = claims.map(({ key }) => key);
  const listed = await listUnits(inbox, { level, keys }, hand.signal);
  for (const claim of claims) {
    try {
      await deleteUnit(claim, listed.get(claim.key) ?? [], { ...context, hand });
    } catch (error) {
      const failure = asFailure(error);
      const isAlone = context.destinations.length === 1;
      if (failure === undefined || (failure.kind === 'configuration' && isAlone)) throw error;
      // A destination that is away, or refuses us, must hold up only what it has to be asked about, for as long as it takes.
      const { code, message, facts } = failure;
      hand.reschedule(claim, transientFailure(code, message, { facts }), { hasProgressed: true });
    }
  }
}

type UnitContext = DeletionContext & { readonly hand: Hand };

async function deleteUnit(claim: Claim, held: readonly Outgoing[], context: UnitContext): Promise<void> {
  const { destinations, routings, hand, transfers } = context;
  const { key } = claim;
  const wanted = readRouting(routings, key);
  const proved = new Map(
    destinations.map((destination) => [destination.name, provedAt(destination, key, held)]),
  );
  const planned = new Set(planDeletion({ held, wanted, proved }).deletable.map(({ id }) => id));
  const candidates = held.filter(({ id }) => planned.has(id));
  const deletable = await provedStill(key, candidates, { ...context, wanted });
  await deleteInstances(deletable, context);
  const kept = held.length - deletable.length;
  if (deletable.length > 0) {
    const names = [...new Set(deletable.flatMap(({ seriesId }) => wanted.get(seriesId) ?? []))];
    transfers.deleted({ unit: key, deleted: deletable.length, kept, destinations: names });
  }
  forgetDeleted(key, deletable, context);
  hand.settle(claim, {
    outcome: held.length === 0 ? 'vanished' : kept === 0 ? 'deleted' : 'kept-in-part',
    proof: '',
    parts: deletable.length,
    bytes: deletable.reduce((sum, { size }) => sum + size, 0),
  });
}

/** What every destination still says it has, right now; the others are sent there again. */
async function provedStill(
  key: string,
  candidates: readonly Outgoing[],
  { destinations, wanted, hand }: UnitContext & { readonly wanted: Routing },
): Promise<readonly Outgoing[]> {
  let left = candidates;
  for (const destination of destinations) {
    const asked = left.filter(({ seriesId }) => wanted.get(seriesId)?.includes(destination.name));
    if (asked.length === 0) continue;
    const missing = await proveAgain(key, asked, { destination, signal: hand.signal });
    left = left.filter(({ id }) => !missing.has(id));
  }
  return left;
}

/**
 * By their own identifiers (`POST /tools/bulk-delete`), never a parent: what arrives in the same study meanwhile stays.
 * @throws transient `NOT_DELETED` when something is still there
 */
async function deleteInstances(
  instances: readonly Outgoing[],
  { inbox, level, hand }: UnitContext,
): Promise<void> {
  if (instances.length === 0) return;
  const ids = instances.map(({ id }) => id);
  await inbox.instances.deleteAll(ids, hand.signal);
  for (const id of level === 'instance' ? ids : ids.slice(0, 1))
    if (await inbox.instances.exists(id, hand.signal))
      throw transientFailure('NOT_DELETED', 'The source still holds what it was told to delete.');
}

/** Nothing can be asked about them any more. */
function forgetDeleted(
  key: string,
  instances: readonly Outgoing[],
  { destinations }: Pick<DeletionContext, 'destinations'>,
): void {
  const ids = instances.map(({ id }) => id);
  for (const { memory } of destinations.flatMap(({ ways }) => ways)) memory.forget(key, ids);
}
