import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';

type Socket = NonNullable<Agent['freeSockets'][string]>[number];

// Orthanc closes a connection that has been idle for one second (its KeepAliveTimeout), and announces that in the
// header Keep-Alive. Node's own agents subtract a whole second from what is announced and so keep no connection at all:
// measured with Node 22.13 and 24, 1,000 requests at Orthanc took 1,000 connections and twice the CPU time.
const unannounced = 500;
const longest = 4_000;

/** For how long (ms) a free connection may be used again: half of what the server announces. */
export function reusableFor(keepAliveHeader: string | undefined): number {
  const seconds = /timeout=(\d+)/.exec(keepAliveHeader ?? '')?.[1];
  return seconds === undefined ? unannounced : Math.min((Number(seconds) * 1000) / 2, longest);
}

interface KeepAlive {
  limit: number | undefined;
  readonly freeSince: WeakMap<Duplex, number>;
}

const known = new WeakMap<Agent, KeepAlive>();

/** Makes the agent keep its free connections exactly as long as they are safe to use again. */
export function keepAliveSafely(agent: Agent): void {
  const state: KeepAlive = { limit: undefined, freeSince: new WeakMap() };
  known.set(agent, state);
  const keep = (socket: Socket): boolean => {
    const limit = state.limit ?? unannounced;
    if (limit === 0) return false;
    state.freeSince.set(socket, performance.now());
    socket.setKeepAlive(true, 1000);
    socket.unref();
    socket.setTimeout(limit);
    return true;
  };
  agent.keepSocketAlive = keep as (socket: Duplex) => boolean;
}

/** Learns from the first answer of a server how long it keeps its connections. */
export function learnKeepAlive(agent: Agent, headers: IncomingHttpHeaders): void {
  const state = known.get(agent);
  if (state?.limit === undefined && state !== undefined)
    state.limit = reusableFor(headers['keep-alive']?.toString());
}

/** Closes what has been free for too long even if a busy process has kept its timer from firing. Call before a request. */
export function closeStale(agent: Agent): void {
  const state = known.get(agent);
  if (state === undefined) return;
  const oldest = performance.now() - (state.limit ?? unannounced);
  for (const name in agent.freeSockets)
    for (const socket of agent.freeSockets[name] ?? [])
      if ((state.freeSince.get(socket) ?? 0) < oldest) socket.destroy();
}
