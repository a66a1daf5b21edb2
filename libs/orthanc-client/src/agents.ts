import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { configurationError } from '@orthanc-tools/failures';
import { timeLimitError } from './name-broken-call.ts';
import { keepAliveSafely } from './keep-alive.ts';
import { type OrthancConnection, limitsOf } from './orthanc-connection.ts';

/** One pool of connections, shared by all requests to one Orthanc; unless they are kept, each request has a new one. */
export async function openAgent(connection: OrthancConnection, keepAlive = true): Promise<http.Agent> {
  const isSecure = connection.url.startsWith('https:');
  const proxy = proxyOf(connection);
  const limit = limitsOf(connection).connect;
  const use = { isSecure, limit, settings: { ...pooling, keepAlive } };
  const agent = proxy === undefined ? directAgent(connection, use) : await proxyAgent(proxy, use);
  if (keepAlive) keepAliveSafely(agent);
  return agent;
}

/** Whether requests go to the server itself, as plain text. */
export const isPlainAndDirect = (connection: OrthancConnection): boolean =>
  connection.url.startsWith('http:') && proxyOf(connection) === undefined;

/** The options that each request needs beside its agent: behind a proxy the agent makes the TLS connection from these. */
export function secureOptions({ url, tls = {} }: OrthancConnection): ConnectionOptions {
  if (!url.startsWith('https:')) return {};
  try {
    // As one context: certificates given singly become part of the pool's names, put together at each request.
    const secureContext = createSecureContext({
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
      ...(tls.key === undefined ? {} : { key: tls.key }),
      ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
    });
    return { secureContext, rejectUnauthorized: tls.isUnchecked !== true };
  } catch (cause) {
    throw configurationError(
      'ORTHANC_TLS',
      'The certificate, its key and the authorities do not fit together, or the passphrase of the key is wrong.',
      { cause },
    );
  }
}

const pooling = { scheduling: 'lifo', maxSockets: Infinity, maxFreeSockets: 256 } as const;

/** The proxy given, otherwise the one that HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. */
function proxyOf({ proxy, url }: OrthancConnection): string | undefined {
  const found = proxy === undefined || proxy === '' ? getProxyForUrl(url) : proxy;
  if (found === '') return undefined;
  if (/^https?:\/\//.test(found) && URL.canParse(found)) return found;
  throw configurationError('PROXY_URL', 'The address of the proxy must look like http://proxy:3128.');
}

interface AgentUse {
  readonly isSecure: boolean;
  /** For connecting, in ms. */
  readonly limit: number;
  readonly settings: http.AgentOptions;
}

function directAgent(connection: OrthancConnection, { isSecure, limit, settings }: AgentUse): http.Agent {
  const agent = isSecure
    ? new https.Agent({ ...settings, ...secureOptions(connection) })
    : new http.Agent(settings);
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (socket) limitConnecting(socket, isSecure ? 'secureConnect' : 'connect', limit);
    return socket;
  };
  return agent;
}

/** Watches each new connection once, not each request. */
function limitConnecting(socket: Duplex, event: string, limit: number): void {
  const timer = setTimeout(() => socket.destroy(timeLimitError('connect')), limit);
  const stop = () => {
    clearTimeout(timer);
  };
  socket.once(event, stop);
  socket.once('close', stop);
}

async function proxyAgent(proxy: string, { isSecure, limit, settings }: AgentUse): Promise<http.Agent> {
  const agent = isSecure
    ? new (await import('https-proxy-agent')).HttpsProxyAgent(proxy, settings)
    : new (await import('http-proxy-agent')).HttpProxyAgent(proxy, settings);
  limitProxyConnecting(agent, limit);
  return agent;
}

interface ProxyAgent {
  connect(request: never, options: never): Promise<Duplex>;
}

function limitProxyConnecting(agent: ProxyAgent, limit: number): void {
  const connect = agent.connect.bind(agent);
  agent.connect = (request, options) => {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(timeLimitError('connect'));
      }, limit);
    });
    return Promise.race([connect(request, options), expired]).finally(() => {
      clearTimeout(timer);
    });
  };
}
