import { configurationError } from '@orthanc-tools/failures';
import type { SystemFacts } from '@orthanc-tools/orthanc-client';
import type { Forwarding } from './destination.ts';

/** @throws configuration `LABELS_UNSUPPORTED` when something filters by labels, and the inbox can hold none */
export function checkLabels(
  { destinations, urgent }: Pick<Forwarding, 'destinations' | 'urgent'>,
  { hasLabels, version }: Pick<SystemFacts, 'hasLabels' | 'version'>,
): void {
  if (hasLabels) return;
  const filtering = destinations.find(({ filter }) => filter.labels !== undefined);
  if (filtering === undefined && urgent?.labels === undefined) return;
  const who = filtering === undefined ? '"urgent"' : `The filter of the destination "${filtering.name}"`;
  throw configurationError(
    'LABELS_UNSUPPORTED',
    `${who} asks for labels, and the inbox (Orthanc ${version}) has none: it could never match.`,
  );
}
