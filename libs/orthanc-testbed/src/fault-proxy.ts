import { createFaultyHttp } from './faulty-http.ts';
import type { ServedTls, TargetTls } from './faulty-http.ts';
import { startFaultyConnections } from './faulty-connections.ts';
import type { ConnectionFaults } from './faulty-connections.ts';
import { listenOn } from './listen-on.ts';
import { createFaultList } from './request-fault.ts';
import type { FaultEffect, RequestFault } from './request-fault.ts';
import { createRequestLog } from './request-log.ts';
import type { LoggedRequest } from './request-log.ts';

export interface FaultProxyOptions {
  /** Faults of all connections from the start on. */
  readonly faults?: Partial<ConnectionFaults>;
  /** Of the random choice that rates make. */
  readonly seed?: number;
  /** Address to listen on; 127.0.0.1 if missing. */
  readonly host?: string;
  /** A free one, if missing. */
  readonly port?: number;
  /**
   * 'http' reads requests, so that faults can choose among them. 'tcp' passes bytes only:
   * cheaper, and TLS goes through to the target, but there are no request faults and no request log.
   */
  readonly level?: 'http' | 'tcp';
  /** For a target that asks for a client certificate, at level 'http'. */
  readonly tls?: TargetTls;
  /**
   * Serves HTTPS itself, at level 'http'; asks for a client certificate of the same authority where told so.
   * This is how a testbed has TLS: Debian's Orthanc crashes on its first TLS connection, as its civetweb
   * looks for a function that OpenSSL 3 no longer exports (seen with 1.12.7 and 1.13.0).
   */
  readonly serveTls?: ServedTls;
}

export interface FaultProxy extends AsyncDisposable {
  /** Takes the place of the target's URL. At level 'http' it is plain HTTP without `serveTls`, even where the target speaks TLS. */
  readonly url: string;
  readonly port: number;
  /** Changes what happens to all connections, those that are open too. What is not named stays as it is. */
  disturb(faults: Partial<ConnectionFaults>): Promise<void>;
  /** Adds a fault for single requests; the earliest that hits counts. Returns what takes it away again. */
  addFault(fault: RequestFault): () => void;
  /** Ends all faults. */
  clear(): Promise<void>;
  /** Requests in order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  /** Requests that such a fault has hit. */
  faultCount(effect: FaultEffect['effect']): number;
  /** Connections that were accepted. */
  connectionCount(): number;
  /** Empties `requests` and the fault counts. */
  forget(): void;
}

const undisturbed: ConnectionFaults = { refuse: false, stall: false, roundTripMs: 0, bytesPerSecond: 0 };

/** Starts a proxy before an Orthanc (or any other HTTP server) that does to it what networks do. */
export async function startFaultProxy(
  targetUrl: string,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const isHttp = (options.level ?? 'http') === 'http';
  const faults = createFaultList(options.seed ?? 1);
  const log = createRequestLog();
  const http = isHttp
    ? createFaultyHttp({ target, tls: options.tls ?? {}, serveTls: options.serveTls, faults, log })
    : undefined;
  const behind =
    http === undefined
      ? addressOf(target)
      : { host: '127.0.0.1', port: await listenOn(http, 0, '127.0.0.1') };
  const front = await startFaultyConnections({
    ...behind,
    listenHost: options.host ?? '127.0.0.1',
    listenPort: options.port ?? 0,
  });
  const proxy: FaultProxy = {
    url: `${isHttp ? (options.serveTls === undefined ? 'http:' : 'https:') : target.protocol}//127.0.0.1:${String(front.port)}${target.pathname.replace(/\/$/, '')}`,
    port: front.port,
    disturb: front.disturb,
    addFault: (fault) => faults.add(fault),
    clear: async () => {
      faults.clear();
      await front.disturb(undisturbed);
    },
    requests: log.entries,
    faultCount: log.faultCount,
    connectionCount: front.connectionCount,
    forget: log.forget,
    [Symbol.asyncDispose]: async () => {
      await front[Symbol.asyncDispose]();
      http?.closeAllConnections();
      http?.close();
    },
  };
  await proxy.disturb(options.faults ?? {});
  return proxy;
}

function addressOf(target: URL): { host: string; port: number } {
  const usual = target.protocol === 'https:' ? 443 : 80;
  return { host: target.hostname, port: target.port === '' ? usual : Number(target.port) };
}
