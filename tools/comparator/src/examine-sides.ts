import type { Finding } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { asFinding, finderFor } from '@orthanc-tools/server-examination';
import { type BothEnds, haveOneAddress, lookApart } from './check-apart.ts';
import { knownAttributes } from './known-attributes.ts';
import type { ComparatorOptions } from './open-sides.ts';

/** That the two are two, and that they know the attributes that are to be compared; both have answered already. */
export async function examineSides(options: ComparatorOptions, signal: AbortSignal): Promise<Finding[]> {
  const { destUrl, modality } = options;
  if (destUrl === undefined && modality === undefined) return [];
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  await using other =
    destUrl === undefined ? undefined : connectOrthanc(connectionFrom({ ...options, destUrl }, 'dest'));
  const ends = { orthanc, other, modality, signal };
  const asked = options.attributes ?? [];
  return [await apartFinding(ends), ...(asked.length === 0 ? [] : [await attributeFinding(ends, asked)])];
}

function apartFinding(ends: BothEnds): Promise<Finding> {
  const find = finderFor(ends.modality === undefined ? 'destination' : `modality ${ends.modality}`);
  const check = 'another server';
  const remedy = 'Give --dest-url (DEST_URL) or --modality (MODALITY) of the other side.';
  return asFinding(
    async () => {
      const sameness = haveOneAddress(ends) ?? (await lookApart(ends));
      if (sameness === undefined) return find(check, 'ok', 'nothing speaks against it');
      return find(check, sameness.isCertain ? 'problem' : 'warning', sameness.found, remedy);
    },
    ({ message }) => find(check, 'unknown', message),
  );
}

function attributeFinding({ orthanc, other, signal }: BothEnds, asked: readonly string[]): Promise<Finding> {
  const find = finderFor('Orthanc');
  const servers = other === undefined ? [orthanc] : [orthanc, other];
  return asFinding(
    async () => {
      const sources = await Promise.all(servers.map((server) => sourceOf(server, signal)));
      const keywords = await knownAttributes(asked, sources);
      return find('attributes', 'ok', `${keywords.join(', ')}: known`);
    },
    ({ kind, message }) =>
      kind === 'configuration'
        ? find('attributes', 'problem', message, 'Correct it: no study could be compared with it.')
        : find('attributes', 'unknown', message),
  );
}

async function sourceOf(orthanc: Orthanc, signal: AbortSignal) {
  const { hasExtendedFind: isLean } = await orthanc.system(signal);
  return { orthanc, isLean, signal, persist: <Answer>(ask: () => Promise<Answer>) => ask() };
}
