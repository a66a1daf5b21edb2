import { isLoopback } from './loopback.ts';

/** As a server reaches another one. */
interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

interface Own {
  /** On which the server listens for what the address is for. */
  readonly port: number | undefined;
  /** By which it is reached from here. */
  readonly url: string;
}

/**
 * Whether the address that a server has of another leads back to itself. The port alone is the same for any two Orthancs
 * that were left as they came: the host must say so too. Under a third name it is not seen. Pure.
 */
export const leadsBack = ({ host, port }: Address, own: Own): boolean =>
  port !== undefined &&
  port === own.port &&
  (isLoopback(host) || host.toLowerCase() === new URL(own.url).hostname);
