import { type Finding, asFailure } from '@orthanc-tools/failures';
import { digits, finderFor } from '@orthanc-tools/server-examination';
import { additionsIn } from './additions.ts';
import type { PopulatorOptions } from './options.ts';

const find = finderFor('attachments');

/** Whether the files that are to be attached can be read. */
export function examineAdditions(options: PopulatorOptions): Finding[] {
  if (options.attachments === undefined || options.output !== undefined) return [];
  try {
    const attached = additionsIn(options).filter(({ kind }) => kind === 'attachments');
    const bytes = attached.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    return [find('reading', 'ok', `${String(attached.length)} with ${digits(bytes)} bytes for each study`)];
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    return [find('reading', 'problem', failure.message, 'Give a file that can be read, of at most 64 MB.')];
  }
}
