import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Metrics } from './metrics.ts';

export interface MonitoringSettings {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  readonly metrics: Metrics;
  /** Whether the tool's loop turns; asked at each `/health/live`. */
  readonly isLive: () => boolean | Promise<boolean>;
  /** Whether Orthanc answered lately; asked at each `/health/ready`. */
  readonly isReady: () => boolean | Promise<boolean>;
}

export interface MonitoringServer extends AsyncDisposable {
  /** With the port that was taken, without a slash at its end. */
  readonly url: string;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const plain = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

async function health(ask: () => boolean | Promise<boolean>): Promise<Answer> {
  const isWell = await ask();
  return {
    status: isWell ? 200 : 503,
    type: 'application/json',
    body: `${JSON.stringify({ status: isWell ? 'ok' : 'unavailable' })}\n`,
  };
}

async function answerTo(path: string, { metrics, isLive, isReady }: MonitoringSettings): Promise<Answer> {
  if (path === '/health/live') return health(isLive);
  if (path === '/health/ready') return health(isReady);
  if (path !== '/metrics') return plain(404, 'There is /metrics, /health/live and /health/ready.');
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics.text() };
}

function serverFor(settings: MonitoringSettings): Server {
  return createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const answer = isReading
      ? answerTo(path, settings)
      : Promise.resolve(plain(405, 'Only GET is answered.'));
    void answer
      // Whoever asks learns that it went wrong; why is for the tool's own log, as it may hold more than others should see.
      .catch(() => plain(500, 'This could not be found out.'))
      .then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
}

const faults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use already; choose another port',
  EACCES: 'may not be opened by this user; choose a port above 1023',
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'is not an address of this machine',
};

/**
 * Answers `/metrics`, `/health/live` and `/health/ready` until it is disposed of. It does not keep the process alive.
 * @throws configuration failure `METRICS_PORT_UNUSABLE` when host and port cannot be listened on
 */
export async function startMonitoringServer(settings: MonitoringSettings): Promise<MonitoringServer> {
  const { host, port } = settings;
  const server = serverFor(settings);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    const code = typeof error === 'object' && error && 'code' in error ? String(error.code) : '';
    const fault = faults[code] ?? `cannot be listened on (${code})`;
    const names = `${nameOf('metricsHost')} and ${nameOf('metricsPort')}`;
    throw configurationError('METRICS_PORT_UNUSABLE', `${names}: ${shownHost}:${port} ${fault}.`, {
      cause: error,
    });
  }
  server.unref();
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${shownHost}:${taken}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
