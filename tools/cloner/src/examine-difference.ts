import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { finderFor } from './examine-finding.ts';

/** Whether both addresses are one: then everything is proved and nothing is copied. */
export function differenceFindings(options: {
  readonly sourceUrl: string;
  readonly destUrl: string;
}): DoctorFinding[] {
  if (new URL(options.sourceUrl).href !== new URL(options.destUrl).href) return [];
  const remedy = 'Give the address of the copy as --dest-url (DEST_URL).';
  return [finderFor('destination')('another server', 'warning', 'no, it is the source itself', remedy)];
}
