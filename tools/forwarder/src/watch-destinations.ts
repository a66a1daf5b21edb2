import type { Failure } from '@orthanc-tools/failures';
import type { ServerState } from '@orthanc-tools/telemetry';
import type { RunContext } from '@orthanc-tools/tool-runtime';

/** What is told of one destination while it is served. */
export interface Watched {
  /** It did not answer, which may pass. */
  onFault(): void;
  /** Nothing gets there, by no way. */
  onAway(failure: Failure): void;
  /** Something got there. */
  onAnswer(): void;
  onAlternate(via: string, failure: Failure): void;
  onFirstWay(via: string): void;
  /** Of the loop that serves it. */
  onEvent(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/** Says once, and not for each study, that a destination is down, and once that it is back. */
export interface DestinationWatch extends Disposable {
  of(name: string): Watched;
  stateOf(name: string): ServerState;
  /** What a person should know at present; empty when all is well. */
  note(): string;
}

interface State {
  isFaulty: boolean;
  isDown: boolean;
  isOnAlternate: boolean;
  code: string;
  since: number;
  /** The loop rests because of the inbox, and the runtime was told of it. */
  isInboxAway: boolean;
}

export function watchDestinations(
  names: readonly string[],
  context: Pick<RunContext, 'log' | 'clock' | 'health'>,
): DestinationWatch {
  const { health } = context;
  const states = new Map(
    names.map((name): [string, State] => [
      name,
      { isFaulty: false, isDown: false, isOnAlternate: false, code: '', since: 0, isInboxAway: false },
    ]),
  );
  const stateOf = (name: string): State => {
    const state = states.get(name);
    if (state === undefined) throw new Error(`No destination is named ${name}.`);
    return state;
  };
  let awaited: Disposable | undefined;
  // One that is down holds up no other: the tool waits only when all of them are.
  const weigh = () => {
    const areAllDown = [...states.values()].every(({ isDown }) => isDown);
    if (areAllDown) awaited ??= health.awaitServer();
    else {
      awaited?.[Symbol.dispose]();
      awaited = undefined;
    }
  };
  return {
    of: (name) => watched(name, stateOf(name), { ...context, weigh }),
    stateOf: (name) => wordFor(stateOf(name)),
    note: () =>
      [...states]
        .flatMap(([name, state]) => {
          const word = wordFor(state);
          return word === 'up'
            ? []
            : [word === 'down' ? `${name} is down (${state.code})` : `${name} goes by its alternate`];
        })
        .join(', '),
    [Symbol.dispose]() {
      awaited?.[Symbol.dispose]();
    },
  };
}

const wordFor = ({ isDown, isOnAlternate }: State): ServerState =>
  isDown ? 'down' : isOnAlternate ? 'alternate' : 'up';

function watched(
  destination: string,
  state: State,
  { log, clock, health, weigh }: Pick<RunContext, 'log' | 'clock' | 'health'> & { weigh(): void },
): Watched {
  const now = () => clock.now().getTime();
  return {
    onFault() {
      state.isFaulty = true;
    },
    onAway({ code, message }) {
      if (state.isDown) return;
      Object.assign(state, { isDown: true, code, since: now() });
      log.warn('destination.down', { destination, code, message });
      weigh();
    },
    onAnswer() {
      state.isFaulty = false;
      if (!state.isDown) return;
      state.isDown = false;
      log.info('destination.up', { destination, downMs: now() - state.since });
      weigh();
    },
    onAlternate(via, { code, message }) {
      state.isOnAlternate = true;
      log.warn('destination.on_alternate', { destination, via, code, message });
    },
    onFirstWay(via) {
      state.isOnAlternate = false;
      log.info('destination.on_first_way', { destination, via });
    },
    onEvent(event, facts) {
      const isOfHours = facts['reason'] === 'schedule';
      const isOfServer = (event === 'tool.paused' || event === 'tool.resumed') && !isOfHours;
      const isOfInbox = event === 'tool.paused' ? !state.isFaulty : state.isInboxAway;
      if (isOfServer && !isOfInbox) {
        log.debug(event, { ...facts, stage: destination });
        return;
      }
      if (isOfServer) state.isInboxAway = event === 'tool.paused';
      health.listeners.onEvent(event, { ...facts, stage: destination });
    },
  };
}
