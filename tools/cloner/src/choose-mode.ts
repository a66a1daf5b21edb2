import type { PeerSight } from './peers-at-source.ts';

/** What was chosen, and why; `because` is a part of a sentence. */
export type ModeChoice =
  | { readonly mode: 'Peering'; readonly peer: string; readonly because: string }
  | { readonly mode: 'Default'; readonly because: string };

/**
 * Beyond it, a job sends fewer than fifty instances in a second, as it waits for the answer to each; and what travels
 * through the cloner goes a long way twice.
 */
const nearMs = 20;

/**
 * Whether the source may push by itself although nobody has ordered it. Only to a peer that can hardly be another server:
 * copies of one machine tell the same of themselves, so that the address must be the same too, or somebody must have
 * named the peer. Only where that is near; and, unless somebody has named it, only where the cloner is not, as near by
 * images travel faster through it than by jobs. Pure.
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
  if (!isNamed && sure.fromHereMs <= nearMs)
    return {
      mode: 'Default',
      because: `both servers are near the cloner: that is faster than jobs of the source (to its peer ${sure.alias})`,
    };
  return {
    mode: 'Peering',
    peer: sure.alias,
    because: `the source reaches the destination itself, as its peer ${sure.alias}`,
  };
}
