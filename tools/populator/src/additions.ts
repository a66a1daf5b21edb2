import { readFileSync, statSync } from 'node:fs';
import { asFailure, configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { PopulatorOptions } from './options.ts';

/** What each study gets besides its instances. */
export interface Addition {
  readonly kind: 'metadata' | 'attachments';
  /** As Orthanc knows it: a number from 1024 on, or a name of its configuration. */
  readonly name: string;
  readonly content: string | Buffer;
}

type Wishes = Pick<PopulatorOptions, 'metadata' | 'attachments'>;

/** Held in memory all the time, and sent once for each study. */
const largestFile = 64 * 1024 * 1024;

/** In the order in which they are named. @throws `ATTACHMENT_UNREADABLE` */
export function additionsIn({ metadata = [], attachments = [] }: Wishes): Addition[] {
  return [
    ...metadata.map((pair): Addition => ({ kind: 'metadata', ...partsOf(pair) })),
    ...attachments.map((pair): Addition => {
      const { name, content } = partsOf(pair);
      const isFile = content.startsWith('@');
      return { kind: 'attachments', name, content: isFile ? readAttachment(content.slice(1)) : content };
    }),
  ];
}

function partsOf(pair: string): { readonly name: string; readonly content: string } {
  const [name = '', ...rest] = pair.split('=');
  return { name: name.trim(), content: rest.join('=') };
}

function readAttachment(path: string): Buffer {
  const refuse = (why: string, cause?: unknown) =>
    configurationError('ATTACHMENT_UNREADABLE', `${nameOf('attachments')}: the file "${path}" ${why}.`, {
      cause,
    });
  try {
    const { size } = statSync(path);
    if (size > largestFile) throw refuse('is larger than 64 MB');
    return readFileSync(path);
  } catch (error) {
    throw asFailure(error) === undefined ? refuse('cannot be read', error) : error;
  }
}
