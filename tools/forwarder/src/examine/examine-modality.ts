import { askCommitment, askModality } from '@orthanc-tools/copy-proof';
import type { Finding } from '@orthanc-tools/failures';
import { asFinding, digits } from '@orthanc-tools/server-examination';
import type { WayLook } from './look.ts';

/** C-ECHO, image-level C-FIND and storage commitment, over the inbox's own associations. */
export async function modalityFindings(look: WayLook): Promise<Finding[]> {
  const echo = await echoFinding(look);
  if (echo.verdict !== 'ok') return [echo];
  return [echo, await findFinding(look), await commitmentFinding(look)];
}

function echoFinding({ inbox, route, find, signal }: WayLook): Promise<Finding> {
  return asFinding(
    async () => {
      const asked = performance.now();
      await inbox.modalities.echo(route.target, { signal });
      return find('C-ECHO', 'ok', `answered within ${digits(Math.ceil(performance.now() - asked))} ms`);
    },
    ({ message }) =>
      find(
        'C-ECHO',
        'problem',
        message,
        'Check AET, host and port of the modality in the inbox, whether it runs, the firewall, and whether it knows the AET of the inbox.',
      ),
  );
}

const whyFind =
  'Let it answer C-FIND at the level IMAGE to the AET of the inbox: without it nobody can tell whether it kept what it was sent.';

function findFinding({ inbox, route, find, signal }: WayLook): Promise<Finding> {
  const check = 'C-FIND of images';
  return asFinding(
    async () =>
      (await askModality(inbox, route.target).probe(signal)) === 'none'
        ? find(check, 'warning', 'refused', whyFind)
        : find(check, 'ok', 'answered'),
    ({ message }) => find(check, 'unknown', message, whyFind),
  );
}

/** Asks to commit what nobody holds: the modality reports that it has none such, and takes on nothing. */
function commitmentFinding({ inbox, route, find, clock, signal }: WayLook): Promise<Finding> {
  const check = 'storage commitment';
  return asFinding(
    async () =>
      (await askCommitment(inbox, route.target, { clock }).probe(signal)) === 'none'
        ? find(check, 'ok', 'not offered')
        : find(check, 'ok', 'offered'),
    ({ message }) =>
      find(check, 'unknown', message, 'Only this check needs it, the forwarding works without.'),
  );
}
