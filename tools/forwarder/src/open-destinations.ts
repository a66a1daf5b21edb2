import { type Orthanc, type Suspects, findAway } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { awaitFirstWay } from './await-first-way.ts';
import { type WayChoice, chooseWay } from './choose-way.ts';
import type { Destination, Route } from './destination.ts';
import type { Hastening } from './hastening.ts';
import { type LedgerFamily, identityFor } from './ledger-family.ts';
import type { OpenDestination, OpenWay } from './open-destination.ts';
import { rankOf } from './priority.ts';
import { keepsIdentity } from './processing/keeps-identity.ts';
import { madeOnTheWay } from './processing/made-on-the-way.ts';
import type { Processing } from './processing/processing.ts';
import { openRoute } from './routes/open-route-by-mode.ts';
import type { DestinationWatch } from './watch-destinations.ts';
import { findPlace, memoryOfWay } from './way-memory.ts';

interface Opening {
  readonly inbox: Orthanc;
  readonly suspects: Suspects;
  readonly family: LedgerFamily;
  readonly clock: Clock;
  /** How long a job of the inbox may make no progress before it is cancelled (ms). */
  readonly stallLimit: number;
  readonly watch: DestinationWatch;
  readonly hastening: Hastening;
  /** Goes on when nothing is left. */
  readonly isFollowing: boolean;
  /** How instances are changed on the way there; undefined where they are not. */
  processingFor(destination: Destination): Processing | undefined;
  /** Where the inbox's alias leads; undefined where that cannot be told. */
  addressOf(route: Route): string | undefined;
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

function openDestination(destination: Destination, opening: OpeningOne): OpenDestination {
  const { inbox, family, clock, isFollowing, stallLimit, stack } = opening;
  const { name, alternate: other } = destination;
  const ledger: WorkLedger = stack.use(
    openLedger(family.destination(name), { identity: identityFor(`destination ${name}`) }),
  );
  const processing = opening.processingFor(destination);
  const isProcessed = processing !== undefined;
  const keepsIdentifiers = keepsIdentity(processing);
  const way = (route: Route): OpenWay => {
    const { name: place, address } = findPlace(ledger, route, opening.addressOf(route));
    const surroundings = { inbox, clock, isProcessed, keepsIdentifiers, stallLimit, address };
    return { route: stack.use(openRoute(route, surroundings)), memory: memoryOfWay(ledger, place), place };
  };
  const [first, alternate] = [way(destination), other && way(other)];
  const firstWayAwaited = awaitFirstWay(isFollowing);
  const choice = stack.use(
    chooseWayOf(destination, { first, alternate, ledger, firstWayAwaited, ...opening }),
  );
  return {
    ...destination,
    ledger,
    processing,
    onTheWay: madeOnTheWay(),
    ways: alternate === undefined ? [first] : [first, alternate],
    choice,
    firstWayAwaited,
    take: taking(ledger, destination.priority),
  };
}

type Choosing = OpeningOne &
  Pick<OpenDestination, 'ledger' | 'firstWayAwaited'> & {
    readonly first: OpenWay;
    readonly alternate: OpenWay | undefined;
  };

function chooseWayOf(
  { name, target }: Destination,
  { first, alternate, isAlone, clock, suspects, isFollowing, ...opening }: Choosing,
): WayChoice<OpenWay> {
  const { ledger, firstWayAwaited, hastening } = opening;
  const watched = opening.watch.of(name);
  return chooseWay({
    ...{ first, alternate, isAlone, clock },
    isAllThatIsLeft: (units) => !isFollowing && isAllIn(ledger, units),
    isInboxAway: async () => (await findAway(suspects)) !== undefined,
    onAlternate: (failure) => {
      watched.onAlternate(alternate?.route.route.target ?? '', failure);
    },
    onFirstWay: () => {
      watched.onFirstWay(target);
      const readyAt = clock.now().getTime();
      ledger.hasten(firstWayAwaited.end().map((key) => ({ key, readyAt })));
      hastening.told();
    },
    onFault: watched.onFault,
    onAway: watched.onAway,
    onAnswer: watched.onAnswer,
  });
}

function taking(ledger: WorkLedger, usual: number): OpenDestination['take'] {
  return (keys, pressing = {}) => {
    const priority = rankOf(usual, pressing);
    const items = keys.map((key) => ({ key, priority }));
    ledger.enqueue(items);
    // One that waits already stays as it is otherwise.
    if (priority > usual) ledger.hasten(items);
  };
}

/** Whether nothing waits or is in hand but these. */
function isAllIn(ledger: WorkLedger, keys: ReadonlySet<string>): boolean {
  const { waiting, inHand } = ledger.tally();
  if (waiting + inHand > keys.size) return false;
  const isOpen = (key: string) => ['waiting', 'in hand'].includes(ledger.stateOf(key) ?? '');
  return [...keys].filter(isOpen).length === waiting + inHand;
}
