import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Destination, Route } from '../destination.ts';

/** Where the alias of a route leads, by the inbox's own settings; undefined where these cannot be read, or know no such. */
async function readAddress(route: Route, inbox: Orthanc, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await addressIn(route, inbox, signal);
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}

/** Where the aliases of all ways lead at the start. */
export async function readAddresses(
  destinations: readonly Destination[],
  inbox: Orthanc,
  signal: AbortSignal,
): Promise<(route: Route) => string | undefined> {
  const addresses = new Map<Route, string | undefined>();
  const routes = destinations.flatMap((one) => [
    one,
    ...(one.alternate === undefined ? [] : [one.alternate]),
  ]);
  for (const route of routes) addresses.set(route, await readAddress(route, inbox, signal));
  return (route) => addresses.get(route);
}

async function addressIn(
  { mode, target }: Route,
  inbox: Orthanc,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (mode) {
    case 'dicom':
    case 'dicom-series-by-series': {
      const found = (await inbox.modalities.settings(signal)).find(({ alias }) => alias === target);
      return found && `${found.aet}@${found.host}:${String(found.port)}`;
    }
    case 'dicom-web':
    case 'dicom-web-series-by-series':
      return withoutUser((await inbox.dicomWebServers.address(target, signal)).url);
    case 'peering':
    case 'transfer':
      return withoutUser((await inbox.peers.settings(target, signal)).url);
    case 'orthanc':
      return undefined;
  }
}

/** It is noted: whoever may read the ledger need not learn how to get in. */
function withoutUser(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}

/**
 * What is known of instances is known where the alias led when this began: of what it leads to by now it says nothing.
 * @throws configuration `ADDRESS_CHANGED`
 */
export function refuseOtherAddress(
  route: Route,
  { inbox, address }: { readonly inbox: Orthanc; readonly address: string | undefined },
) {
  return async (signal: AbortSignal): Promise<void> => {
    if (address === undefined) return;
    const now = await readAddress(route, inbox, signal);
    if (now === undefined || now === address) return;
    throw configurationError(
      'ADDRESS_CHANGED',
      `The destination ${route.target} (${route.mode}) leads to another address than when this began: start again, and it is looked anew what is there.`,
    );
  };
}
