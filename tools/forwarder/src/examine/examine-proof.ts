import type { Finding } from '@orthanc-tools/failures';
import { type Assurance, assuranceOf } from '../open-destination.ts';
import type { Mode, Verification } from '../destination.ts';
import { openRoute } from '../routes/open-route-by-mode.ts';
import { asFinding } from '@orthanc-tools/server-examination';
import type { WayLook } from './look.ts';

/** Which proof this way allows, and what the forwarder will do with it: the same question that a run asks first. */
export function proofFinding(look: WayLook, ordered: Verification | undefined): Promise<Finding> {
  const { inbox, route, find, clock, signal } = look;
  return asFinding(
    async () => {
      // What is changed on the way is asked for in the same place.
      await using opened = openRoute(route, { inbox, clock, isProcessed: false, keepsIdentifiers: true });
      const strength = await opened.strength(signal);
      const assurance = assuranceOf(ordered, strength);
      if (assurance === 'unprovable') return unprovable(look, { ordered, strength });
      return assurance === 'none'
        ? find('proof', 'warning', meanings.none, 'Leave --verify (VERIFY) away to have the strongest proof.')
        : find('proof', 'ok', meanings[assurance]);
    },
    ({ message }) => find('proof', 'unknown', message, 'Correct the above, then ask again.'),
  );
}

const meanings: Readonly<Record<Exclude<Assurance, 'unprovable'>, string>> = {
  hash: 'hash: it is asked for the same bytes, then they are deleted at the inbox',
  image:
    'image: it is asked for each instance before and after the sending, then they are deleted at the inbox',
  count: 'count: it is asked for each instance, whoever sent it, then they are deleted at the inbox',
  none: 'none, as ordered: what was sent with success is deleted at the inbox, kept there or not',
};

const consequence = 'everything is sent and kept, nothing is deleted';

function unprovable(
  { route, find }: WayLook,
  { ordered, strength }: { readonly ordered: Verification | undefined; readonly strength: Verification },
): Finding {
  if (ordered !== undefined && strength !== 'none')
    return find(
      'proof',
      'warning',
      `none: ${ordered} was ordered, ${strength} is possible: ${consequence}`,
      `Give --verify ${strength} (VERIFY), or leave it away.`,
    );
  return find('proof', 'warning', `none: ${consequence}`, `${remedies[route.mode]}; ${lastResort}`);
}

const lastResort = 'or take --verify none, which deletes on the success of the sending alone.';
const byAddress = 'Give the address of the Orthanc behind it with --dest-url (DEST_URL)';

const remedies: Readonly<Record<Mode, string>> = {
  dicom: 'Let the modality answer C-FIND at the level IMAGE',
  'dicom-series-by-series': 'Let the modality answer C-FIND at the level IMAGE',
  'dicom-web': 'Let the server answer QIDO-RS',
  'dicom-web-series-by-series': 'Let the server answer QIDO-RS',
  peering: byAddress,
  transfer: byAddress,
  orthanc: byAddress,
};
