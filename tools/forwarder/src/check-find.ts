import { configurationError } from '@orthanc-tools/failures';
import type { SystemFacts } from '@orthanc-tools/orthanc-client';

/** What the inbox must be, for its user. */
export const neededInbox =
  'Orthanc 1.12.5 or newer with an index that has ExtendedFind (SQLite or PostgreSQL)';

/** @throws configuration `ORTHANC_TOO_OLD` when the inbox cannot list what it holds as it is listed here */
export function checkFind({
  hasExtendedFind,
  version,
}: Pick<SystemFacts, 'hasExtendedFind' | 'version'>): void {
  if (hasExtendedFind) return;
  throw configurationError(
    'ORTHANC_TOO_OLD',
    `The inbox (Orthanc ${version}) cannot list the images of a study with what is known of their files: the forwarder needs ${neededInbox}.`,
  );
}
