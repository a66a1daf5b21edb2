import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { awaitFirstWay } from './await-first-way.ts';
import { chooseWay } from './choose-way.ts';
import type { Destination, Route } from './destination.ts';
import type { LedgerFamily } from './ledger-family.ts';
import type { OpenDestination, OpenWay } from './open-destination.ts';
import { rankOf } from './priority.ts';
import { keepsIdentity } from './processing/keeps-identity.ts';
import type { Processing } from './processing/processing.ts';
import { openRoute } from './routes/open-route-by-mode.ts';
import type { DestinationWatch } from './watch-destinations.ts';
import { memoryOfWay } from './way-memory.ts';

interface Opening {
  readonly inbox: Orthanc;
  readonly family: LedgerFamily;
  readonly clock: Clock;
  readonly watch: DestinationWatch;
  /** Goes on when nothing is left. */
  readonly isFollowing: boolean;
  /** How instances are changed on the way there; undefined where they are not. */
  processingFor(destination: Destination): Processing | undefined;
}

/** Opens the ledger and the ways of each destination; connects to none yet. */
export function openDestinations(
  destinations: readonly Destination[],
  opening: Opening,
): AsyncDisposable & { readonly all: readonly OpenDestination[] } {
  const stack = new AsyncDisposableStack();
  const all = destinations.map((destination) =>
    openDestination(destination, { ...opening, isAlone: destinations.length === 1, stack }),
  );
  return { all, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

interface OpeningOne extends Opening {
  readonly isAlone: boolean;
  readonly stack: AsyncDisposableStack;
}

function openDestination(
  destination: Destination,
  { inbox, family, clock, watch, isFollowing, processingFor, isAlone, stack }: OpeningOne,
): OpenDestination {
  const { name, alternate: other } = destination;
  const ledger: WorkLedger = stack.use(openLedger(family.destination(name)));
  const processing = processingFor(destination);
  const isProcessed = processing !== undefined;
  const keepsIdentifiers = keepsIdentity(processing);
  const open = (route: Route) => stack.use(openRoute(route, { inbox, clock, isProcessed, keepsIdentifiers }));
  const first: OpenWay = { route: open(destination), memory: memoryOfWay(ledger, destination) };
  const alternate: OpenWay | undefined = other && {
    route: open(other),
    memory: memoryOfWay(ledger, other),
  };
  const watched = watch.of(name);
  const firstWayAwaited = awaitFirstWay(isFollowing);
  const choice = stack.use(
    chooseWay({
      first,
      alternate,
      isAlone,
      clock,
      isAllThatIsLeft: (units) => !isFollowing && isAllIn(ledger, units),
      askInbox: (signal) => inbox.system(signal),
      onAlternate: (failure) => {
        watched.onAlternate(alternate?.route.route.target ?? '', failure);
      },
      onFirstWay: () => {
        watched.onFirstWay(destination.target);
        const readyAt = clock.now().getTime();
        ledger.hasten(firstWayAwaited.end().map((key) => ({ key, readyAt })));
      },
      onFault: watched.onFault,
      onAway: watched.onAway,
      onAnswer: watched.onAnswer,
    }),
  );
  return {
    ...destination,
    ledger,
    processing,
    ways: alternate === undefined ? [first] : [first, alternate],
    choice,
    firstWayAwaited,
    take: (keys, pressing = {}) => {
      const priority = rankOf(destination.priority, pressing);
      const items = keys.map((key) => ({ key, priority }));
      ledger.enqueue(items);
      // One that waits already stays as it is otherwise.
      if (priority > destination.priority) ledger.hasten(items);
    },
  };
}

/** Whether nothing waits or is in hand but these. */
function isAllIn(ledger: WorkLedger, keys: ReadonlySet<string>): boolean {
  const { waiting, inHand } = ledger.tally();
  if (waiting + inHand > keys.size) return false;
  const isOpen = (key: string) => ['waiting', 'in hand'].includes(ledger.stateOf(key) ?? '');
  return [...keys].filter(isOpen).length === waiting + inHand;
}
