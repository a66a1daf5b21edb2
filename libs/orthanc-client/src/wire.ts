import type { Agent, RequestOptions } from 'node:http';
import { isPlainAndDirect, openAgent, secureOptions } from './agents.ts';
import type { Call } from './call.ts';
import { type PlainSockets, plainSockets } from './plain-sockets.ts';
import { type Endpoint, type OrthancConnection, endpointOf } from './orthanc-connection.ts';

/** The connections to one Orthanc, and what each request over them begins with. */
export interface Wire {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  /** Opens a connection for each request, and keeps none. */
  readonly newConnections: Agent;
  /** Host, port, agent and TLS settings: spread into the options of each request, never worked out again. */
  readonly preset: RequestOptions;
  /** A cheaper way for files; undefined behind TLS or a proxy. */
  readonly plain: PlainSockets | undefined;
}

export const agentFor = (
  { agent, newConnections }: Wire,
  { isOnNewConnection = false }: Pick<Call, 'isOnNewConnection'>,
): Agent => (isOnNewConnection ? newConnections : agent);

/** Opens nothing before the first request, which loads a proxy's client if one is needed. */
export interface LazyWire {
  readonly endpoint: Endpoint;
  ready(): Wire | Promise<Wire>;
  close(): void;
}

export function lazyWire(connection: OrthancConnection): LazyWire {
  const endpoint = endpointOf(connection);
  const secure = secureOptions(connection);
  let wire: Wire | undefined;
  let opening: Promise<Wire> | undefined;
  const open = async (): Promise<Wire> => {
    const [agent, newConnections] = await Promise.all([openAgent(connection), openAgent(connection, false)]);
    const { protocol, hostname, port, limits } = endpoint;
    const preset = { protocol, hostname, port, agent, timeout: limits.idle, ...secure };
    const plain = isPlainAndDirect(connection) ? plainSockets(endpoint) : undefined;
    wire = { endpoint, agent, newConnections, preset, plain };
    return wire;
  };
  return {
    endpoint,
    ready: () => wire ?? (opening ??= open()),
    close: () => {
      wire?.plain?.close();
      wire?.agent.destroy();
      wire?.newConnections.destroy();
    },
  };
}
