import type { AddressInfo, Server } from 'node:net';

/** Listens and tells the port; zero asks for a free one. */
export async function listenOn(server: Server, port: number, host: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
