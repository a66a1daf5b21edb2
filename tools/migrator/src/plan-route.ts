import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { MigratorOptions } from './options.ts';

/** To whom Orthanc sends what it holds. `aet`: a modality that is only known by its AET so far. */
export type PassOn =
  | { readonly to: 'modality'; readonly alias: string }
  | { readonly to: 'aet'; readonly aet: string }
  | { readonly to: 'peer'; readonly alias: string };

/** The way of every study. */
export type Route =
  | { readonly from: 'orthanc'; readonly passOn: PassOn }
  | {
      readonly from: 'modality';
      readonly alias: string;
      readonly method: 'move' | 'get';
      /** Where the source sends; Orthanc itself, if undefined. */
      readonly arrivalAet: string | undefined;
      readonly passOn: PassOn | undefined;
    };

export type RouteOptions = Pick<
  MigratorOptions,
  'sourceModality' | 'destinationModality' | 'destinationAet' | 'destinationPeer' | 'useGetNotMove'
>;

/**
 * The topology that the options mean. Pure.
 * @throws configuration `DESTINATION_MISSING` where Orthanc would migrate to itself
 */
export function planRoute(options: RouteOptions): Route {
  const { sourceModality, destinationModality, destinationAet, destinationPeer, useGetNotMove } = options;
  const stored: PassOn | undefined =
    destinationModality !== undefined
      ? { to: 'modality', alias: destinationModality }
      : destinationPeer !== undefined
        ? { to: 'peer', alias: destinationPeer }
        : undefined;
  if (sourceModality !== undefined)
    return {
      from: 'modality',
      alias: sourceModality,
      method: useGetNotMove ? 'get' : 'move',
      arrivalAet: destinationAet,
      passOn: stored,
    };
  if (stored !== undefined) return { from: 'orthanc', passOn: stored };
  if (destinationAet !== undefined) return { from: 'orthanc', passOn: { to: 'aet', aet: destinationAet } };
  throw configurationError(
    'DESTINATION_MISSING',
    `Where from, or where to? Give ${nameOf('sourceModality')}, or one of ${nameOf('destinationModality')}, ${nameOf('destinationAet')} and ${nameOf('destinationPeer')}.`,
  );
}
