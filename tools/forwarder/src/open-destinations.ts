import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { Destination } from './destination.ts';
import type { LedgerFamily } from './ledger-family.ts';
import type { OpenDestination } from './open-destination.ts';
import { openRoute } from './routes/open-route-by-mode.ts';

interface Opening {
  readonly inbox: Orthanc;
  readonly family: LedgerFamily;
  readonly clock: Clock;
}

/** Opens the ledger and the ways of each destination; connects to none yet. */
export function openDestinations(
  destinations: readonly Destination[],
  { inbox, family, clock }: Opening,
): AsyncDisposable & { readonly all: readonly OpenDestination[] } {
  const stack = new AsyncDisposableStack();
  const all = destinations.map((destination): OpenDestination => {
    const ledger = stack.use(openLedger(family.destination(destination.name)));
    const open = (route: Destination) => stack.use(openRoute(route, { inbox, clock }));
    return {
      ...destination,
      ledger,
      way: open(destination),
      otherWay:
        destination.alternate === undefined ? undefined : open({ ...destination, ...destination.alternate }),
      take: (key) => {
        ledger.enqueue([{ key }]);
      },
    };
  });
  return { all, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
