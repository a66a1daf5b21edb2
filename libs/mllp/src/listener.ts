import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { addressList, plainAddress } from './address-list.ts';
import { serveConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import type { ListenerSettings, TlsSettings } from './listener-settings.ts';

export interface Listener extends AsyncDisposable {
  /** The port that was taken. */
  readonly port: number;
  connections(): number;
  /** Takes no further connection and no further message; resolves when what was taken is answered, at most after so many ms. */
  close(patienceMs?: number): Promise<void>;
}

const checkEveryMs = 1000;
const usualPatienceMs = 20_000;
const keepAliveAfterMs = 60_000;
const handshakeTimeoutMs = 10_000;

function tlsServer({ clientAuthorities, ...own }: TlsSettings): Server {
  const asks = clientAuthorities !== undefined;
  return createTlsServer({
    ...own,
    ...(asks && { ca: clientAuthorities, requestCert: true, rejectUnauthorized: true }),
    allowHalfOpen: true,
    handshakeTimeout: handshakeTimeoutMs,
  });
}

/** Who is connected, and who may be. */
function admission({ allowedAddresses, maxConnections, maxConnectionsPerAddress, tell }: ListenerSettings) {
  const isAllowed = addressList(allowedAddresses);
  const perAddress = new Map<string, number>();
  const open = new Set<Socket>();
  const refusalOf = (address: string): string | undefined => {
    if (!isAllowed(address)) return 'address';
    if (open.size >= maxConnections) return 'connections';
    return (perAddress.get(address) ?? 0) >= maxConnectionsPerAddress ? 'connections-of-address' : undefined;
  };
  return {
    open,
    admit(socket: Socket): boolean {
      const address = plainAddress(socket.remoteAddress ?? '');
      const reason = refusalOf(address);
      if (reason !== undefined) {
        tell('connection.refused', { reason });
        socket.destroy();
        return false;
      }
      open.add(socket);
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      socket.once('close', () => {
        open.delete(socket);
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left > 0) perAddress.set(address, left);
        else perAddress.delete(address);
      });
      return true;
    },
  };
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown');

async function listen(server: Server, { host, port }: ListenerSettings): Promise<number> {
  try {
    server.listen({ host, port, backlog: 1024 });
    await once(server, 'listening');
  } catch (cause) {
    const message = `${nameOf('listenHost')} and ${nameOf('port')}: ${host}:${String(port)} cannot be listened on (${codeOf(cause)}).`;
    throw configurationError('PORT_UNUSABLE', message, { cause });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * Takes MLLP connections until it is closed.
 * @throws configuration failure `PORT_UNUSABLE`
 */
export async function startListener(settings: ListenerSettings): Promise<Listener> {
  const { tls, tell, nowMs = () => performance.now() } = settings;
  const server = tls === undefined ? createServer({ allowHalfOpen: true }) : tlsServer(tls);
  const { open, admit } = admission(settings);
  const connections = new Map<Socket, Connection>();
  let isClosing = false;
  let held = 0;
  const account = (bytes: number): boolean => {
    held += bytes;
    return held <= settings.maxHeldBytes;
  };

  const serve = (socket: Socket): void => {
    const address = plainAddress(socket.remoteAddress ?? '');
    socket.setNoDelay(true);
    connections.set(socket, serveConnection({ ...settings, socket, address, nowMs, account }));
    socket.once('close', () => connections.delete(socket));
  };
  const onRaw = (socket: Socket): void => {
    socket.on('error', (error) => tell('connection.broken', { code: codeOf(error) }));
    if (isClosing || !admit(socket)) return void socket.destroy();
    socket.setKeepAlive(true, keepAliveAfterMs);
    if (tls === undefined) serve(socket);
  };
  server.on('connection', onRaw);
  server.on('secureConnection', (socket: Socket) => {
    socket.on('error', (error) => tell('connection.broken', { code: codeOf(error) }));
    serve(socket);
  });
  server.on('tlsClientError', (error) => tell('handshake.failed', { code: codeOf(error) }));
  const port = await listen(server, settings);
  const timer = setInterval(() => {
    for (const connection of connections.values()) connection.check(nowMs());
  }, checkEveryMs);
  server.on('error', (error) => tell('listener.failed', { code: codeOf(error) }));

  const close = async (patienceMs = usualPatienceMs): Promise<void> => {
    if (isClosing) return;
    isClosing = true;
    const closed = once(server, 'close');
    server.close();
    for (const connection of connections.values()) connection.finish();
    const tooLate = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, patienceMs);
    await closed;
    clearTimeout(tooLate);
    clearInterval(timer);
  };
  return { port, connections: () => open.size, close, [Symbol.asyncDispose]: () => close() };
}
