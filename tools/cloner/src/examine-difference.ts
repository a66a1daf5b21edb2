import { type Finding, asFailure } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { finderFor, seemOne } from '@orthanc-tools/server-examination';
import type { ClonerOptions } from './options.ts';

/** Whether both addresses are one: then everything is proved and nothing is copied. */
export async function differenceFindings(options: ClonerOptions): Promise<Finding[]> {
  const found = await sameness(options);
  if (found === undefined) return [];
  const remedy = 'Give the address of the copy as --dest-url (DEST_URL).';
  return [finderFor('destination')('another server', 'warning', found, remedy)];
}

async function sameness(options: ClonerOptions): Promise<string | undefined> {
  if (options.destUrl === undefined) return undefined;
  if (new URL(options.sourceUrl).href === new URL(options.destUrl).href) return 'no, it is the source itself';
  try {
    await using source = connectOrthanc(connectionFrom(options, 'source'));
    await using destination = connectOrthanc(connectionFrom(options, 'dest'));
    const [here, there] = await Promise.all([source.system(), destination.system()]);
    return seemOne(here, there) ? 'both addresses seem to lead to one Orthanc' : undefined;
  } catch (error) {
    // What keeps one from answering is a finding of its own.
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}
