import { createServer } from 'node:net';
import { listenOn } from './listen-on.ts';

// Below the range from which Linux takes the ports of outgoing connections,
// which could otherwise sit on a port while its Orthanc restarts.
const lowest = 20_000;
const highest = 32_000;

/** A port on which nobody listens now. Who binds it must be ready to lose a race and ask again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await listenOn(probe, port, '0.0.0.0');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
