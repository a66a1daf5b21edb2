import type { Finding } from '@orthanc-tools/failures';
import type { SystemFacts } from '@orthanc-tools/orthanc-client';
import { finderFor } from '@orthanc-tools/server-examination';
import { matchNumbers } from './match-numbers.ts';

interface BothSides {
  readonly here: Pick<SystemFacts, 'hasLabels' | 'userMetadata'>;
  readonly there: Pick<SystemFacts, 'hasLabels' | 'userMetadata' | 'checksRevisions' | 'version'>;
  readonly kinds: ReadonlySet<string>;
}

/** Whether the destination can keep what users have added at the source, of the kinds that are to travel. Pure. */
export function judgeBelongings({ here, there, kinds }: BothSides): Finding[] {
  const find = finderFor('destination');
  const findings: Finding[] = [];
  if (kinds.has('labels') && here.hasLabels)
    findings.push(
      there.hasLabels
        ? find('labels', 'ok', 'it keeps them')
        : find(
            'labels',
            'warning',
            `Orthanc ${there.version} has none: those of the source stay behind`,
            'Update it to 1.12.0 or later.',
          ),
    );
  if (kinds.has('metadata')) findings.push(ofNames(here, there));
  if ((kinds.has('metadata') || kinds.has('attachments')) && there.checksRevisions)
    findings.push(
      find(
        'CheckRevisions',
        'warning',
        'on: metadata and attachments that change at the source are refused when they are brought again',
        'Switch it off during the clone: such studies are set aside.',
      ),
    );
  return findings;
}

function ofNames(here: BothSides['here'], there: BothSides['there']): Finding {
  const find = finderFor('destination');
  const match = matchNumbers(here.userMetadata, there.userMetadata);
  const clashing = [...here.userMetadata].filter(([, number]) => match.isClash(number)).map(([name]) => name);
  if (clashing.length === 0) return find('UserMetadata', 'ok', 'no number means something else there');
  return find(
    'UserMetadata',
    'warning',
    `the numbers of ${clashing.join(', ')} have other names there: METADATA_NAME_CLASH for each study that has such metadata`,
    'Give both servers the same names in UserMetadata.',
  );
}
