import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Claim, LedgerView } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { concludeUnit } from './conclude-unit.ts';
import { forwardUnits } from './forward-units.ts';
import { listUnits } from './list-units.ts';
import { type Assurance, type OpenDestination, assuranceOf } from './open-destination.ts';
import type { OpenRoute, Outgoing } from './open-route.ts';
import { readRouting } from './routing.ts';
import type { TransferLog } from './transfer-log.ts';
import type { UnitLevel } from './unit.ts';

export interface ServeContext {
  readonly inbox: Orthanc;
  /** The inbox's: it says who wants what. */
  readonly routings: Pick<LedgerView, 'remembered'>;
  readonly level: UnitLevel;
  readonly destination: OpenDestination;
  readonly transfers: TransferLog;
  /** Called when a unit may have become deletable: everything known of it here is durable. */
  onProved(key: string): void;
}

/** Brings the units that were claimed to the destination, and answers for each by what is known of it there. */
export async function serveDestination(
  claims: readonly Claim[],
  hand: Hand,
  context: ServeContext,
): Promise<void> {
  const { inbox, level, destination } = context;
  const keys = claims.map(({ key }) => key);
  const listed = await listUnits(inbox, { level, keys }, hand.signal);
  const units = claims.map((claim) => ({
    claim,
    key: claim.key,
    instances: wantedOf(claim.key, listed.get(claim.key) ?? [], context),
  }));
  const { way, assurance } = await chooseWay(destination, hand.signal);
  const judged = await forwardUnits(
    units.filter(({ instances }) => instances.length > 0),
    {
      ledger: destination.ledger,
      route: way,
      verify: assurance,
      signal: hand.signal,
      onSent: (instances) => {
        const bytes = instances.reduce((sum, { size }) => sum + size, 0);
        hand.observe({ parts: instances.length, bytes });
      },
    },
  );
  for (const { claim } of units)
    concludeUnit(claim, judged.get(claim.key) ?? [], { ...context, hand, way, assurance });
}

/** A series of which nobody has said yet who wants it waits for that: it has only just arrived. */
function wantedOf(key: string, instances: readonly Outgoing[], { routings, destination }: ServeContext) {
  const routing = readRouting(routings, key);
  return instances.filter(({ seriesId }) => routing.get(seriesId)?.includes(destination.name));
}

interface Chosen {
  readonly way: OpenRoute;
  readonly assurance: Assurance;
}

/** The first way; while that is down, the other one, where there is one. */
async function chooseWay({ way, otherWay, verify }: OpenDestination, signal: AbortSignal): Promise<Chosen> {
  const take = async (one: OpenRoute): Promise<Chosen> => ({
    way: one,
    assurance: assuranceOf(verify, await one.strength(signal)),
  });
  try {
    return await take(way);
  } catch (error) {
    const failure = asFailure(error);
    if (otherWay === undefined || failure?.scope !== 'run' || failure.kind === 'configuration') throw error;
    return take(otherWay);
  }
}
