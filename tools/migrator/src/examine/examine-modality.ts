import { askModality } from '@orthanc-tools/copy-proof';
import type { Finding } from '@orthanc-tools/failures';
import { asFinding, digits, finderFor } from '@orthanc-tools/server-examination';
import type { RouteLook } from './look.ts';

const echoRemedy =
  'Check AET, host and port of the modality in the configuration of Orthanc, whether it runs, the firewall, and whether it knows the AET of Orthanc.';

/** C-ECHO, and image-level C-FIND, by which arrivals are proved. */
export async function modalityFindings(
  { orthanc, signal }: RouteLook,
  alias: string,
  subject: string,
): Promise<Finding[]> {
  const find = finderFor(`${subject} ${alias}`);
  const echo = await asFinding(
    async () => {
      const asked = performance.now();
      await orthanc.modalities.echo(alias, { signal });
      return find('C-ECHO', 'ok', `answered within ${digits(Math.ceil(performance.now() - asked))} ms`);
    },
    ({ message }) => find('C-ECHO', 'problem', message, echoRemedy),
  );
  if (echo.verdict !== 'ok') return [echo];
  const remedy =
    'Let it answer C-FIND at the level IMAGE to the AET of Orthanc: without it nobody can tell what has arrived.';
  const images = await asFinding(
    async () =>
      (await askModality(orthanc, alias).probe(signal)) === 'none'
        ? find('C-FIND of images', 'warning', 'refused', remedy)
        : find('C-FIND of images', 'ok', 'answered'),
    ({ message }) => find('C-FIND of images', 'unknown', message, remedy),
  );
  return [echo, images];
}
