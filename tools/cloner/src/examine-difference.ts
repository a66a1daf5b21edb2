import type { Finding } from '@orthanc-tools/failures';
import { finderFor, seemOne } from '@orthanc-tools/server-examination';
import type { BothSystems } from './ask-both-systems.ts';
import type { ClonerOptions } from './options.ts';

/** Whether both addresses are one: then everything is proved and nothing is copied. */
export function differenceFindings(options: ClonerOptions, both: BothSystems | undefined): Finding[] {
  const found = sameness(options, both);
  if (found === undefined) return [];
  const remedy = 'Give the address of the copy as --dest-url (DEST_URL).';
  return [finderFor('destination')('another server', 'warning', found, remedy)];
}

function sameness({ sourceUrl, destUrl }: ClonerOptions, both: BothSystems | undefined): string | undefined {
  if (destUrl !== undefined && new URL(sourceUrl).href === new URL(destUrl).href)
    return 'no, it is the source itself';
  return both !== undefined && seemOne(both.here, both.there)
    ? 'both addresses seem to lead to one Orthanc'
    : undefined;
}
