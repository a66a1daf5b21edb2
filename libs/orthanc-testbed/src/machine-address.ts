import { networkInterfaces } from 'node:os';

/** An IPv4 address that leads to this machine from itself and from its containers; undefined without a network. */
export const addressOfThisMachine = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
