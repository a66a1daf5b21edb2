import type { Agent, RequestOptions } from 'node:http';
import { isPlainAndDirect, openAgent, secureOptions } from './agents.ts';
import { type FileSockets, fileSockets } from './file-sockets.ts';
import { type Endpoint, type OrthancConnection, endpointOf } from './orthanc-connection.ts';

/** The connections to one Orthanc, and what each request over them begins with. */
export interface Wire {
  readonly endpoint: Endpoint;
  readonly agent: Agent;
  /** Host, port, agent and TLS settings: spread into the options of each request, never worked out again. */
  readonly preset: RequestOptions;
  /** A cheaper way to read large files; undefined behind TLS or a proxy. */
  readonly files: FileSockets | undefined;
}

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
    const agent = await openAgent(connection);
    const { protocol, hostname, port, limits } = endpoint;
    const preset = { protocol, hostname, port, agent, timeout: limits.idle, ...secure };
    const files = isPlainAndDirect(connection) ? fileSockets(endpoint) : undefined;
    wire = { endpoint, agent, preset, files };
    return wire;
  };
  return {
    endpoint,
    ready: () => wire ?? (opening ??= open()),
    close: () => {
      wire?.files?.close();
      wire?.agent.destroy();
    },
  };
}
