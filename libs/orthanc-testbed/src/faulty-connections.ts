import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { runDelayLine } from './delay-line.ts';
import type { DelayLine } from './delay-line.ts';
import { createLane } from './link.ts';
import type { LinkFaults } from './link.ts';
import { listenOn } from './listen-on.ts';

export interface ConnectionFaults extends LinkFaults {
  /** Nobody listens: new connections are refused, open ones are reset. */
  refuse: boolean;
}

export interface FaultyConnections extends AsyncDisposable {
  readonly port: number;
  disturb(faults: Partial<ConnectionFaults>): Promise<void>;
  connectionCount(): number;
}

interface Ends {
  readonly host: string;
  readonly port: number;
  readonly listenHost: string;
  readonly listenPort: number;
}

/** Relays connections as bytes, through one faulty link that all of them share. */
export async function startFaultyConnections(ends: Ends): Promise<FaultyConnections> {
  const faults: ConnectionFaults = { refuse: false, stall: false, roundTripMs: 0, bytesPerSecond: 0 };
  const lanes = { there: createLane(faults), back: createLane(faults) };
  const open = new Map<Socket, DelayLine[]>();
  let connectionCount = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connectionCount += 1;
    const target = connect({ host: ends.host, port: ends.port, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, target]) socket.on('error', () => undefined);
    open.set(client, [runDelayLine(client, target, lanes.there), runDelayLine(target, client, lanes.back)]);
    client.on('close', () => open.delete(client));
  });
  const port = await listenOn(server, ends.listenPort, ends.listenHost);
  const refuse = async (): Promise<void> => {
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
    for (const client of open.keys()) {
      // Resetting a socket whose own side has ended makes Node spin.
      if (client.writableEnded) client.destroy();
      else client.resetAndDestroy();
    }
    await closed;
  };
  return {
    port,
    connectionCount: () => connectionCount,
    async disturb(wanted) {
      Object.assign(faults, wanted);
      if (faults.refuse) await refuse();
      else if (!server.listening) await listenOn(server, port, ends.listenHost);
      for (const lines of open.values()) for (const line of lines) line.wake();
    },
    [Symbol.asyncDispose]: refuse,
  };
}
