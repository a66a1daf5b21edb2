import type { PeerSight } from './peers-at-source.ts';

/** What was chosen, and why; `because` is a part of a sentence. */
export type ModeChoice =
  | { readonly mode: 'Peering'; readonly peer: string; readonly because: string }
  | { readonly mode: 'Default'; readonly because: string };

/** Beyond it, a job sends fewer than fifty instances in a second, as it waits for the answer to each. */
const nearMs = 20;

/**
 * Whether the source may push by itself although nobody has ordered it. Only to a peer that can hardly be another server:
 * copies of one machine tell the same of themselves, so that the address must be the same too, or somebody must have
 * named the peer. Pure.
 */
export function chooseMode(sights: readonly PeerSight[], isNamed: boolean): ModeChoice {
  const alike = sights.filter(({ seemsDestination }) => seemsDestination);
  const sure = alike.find(({ hasSameAddress }) => isNamed || hasSameAddress);
  if (sure === undefined)
    return {
      mode: 'Default',
      because:
        alike[0] === undefined
          ? 'no peer of the source is the destination'
          : `the source reaches its peer ${alike[0].alias}, which seems to be the destination, by another address: name it to have it used`,
    };
  if (sure.roundTripMs === undefined || sure.roundTripMs > nearMs)
    return {
      mode: 'Default',
      because: `the destination is far from the source (peer ${sure.alias}): many requests at once are faster`,
    };
  return {
    mode: 'Peering',
    peer: sure.alias,
    because: `the source reaches the destination itself, as its peer ${sure.alias}`,
  };
}
