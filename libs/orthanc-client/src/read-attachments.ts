import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { type AttachedFile, firstUserNumber, parseAttached } from './belongings.ts';
import { record } from './json-fields.ts';
import { type Resource, pathOf, routeOf } from './resources.ts';

/** One by one; none where the resource is gone. */
export async function attachmentsOf(
  ask: Ask,
  resource: Resource,
  signal?: AbortSignal,
): Promise<Map<number, AttachedFile>> {
  const path = `${pathOf(resource)}/attachments`;
  const found = new Map<number, AttachedFile>();
  for (const number of await readAttachmentNumbers(ask, resource, signal)) {
    const question = { method: 'GET', path: `${path}/${String(number)}/info`, signal } as const;
    const route = `${routeOf(resource)}/attachments/{number}/info`;
    const file = await unlessGone(
      ask({ ...question, route }, (value) => parseAttached(record(value, 'a file'))),
    );
    if (file !== undefined) found.set(number, file);
  }
  return found;
}

export async function readAttachmentNumbers(
  ask: Ask,
  resource: Resource,
  signal?: AbortSignal,
): Promise<number[]> {
  const path = `${pathOf(resource)}/attachments?full`;
  const numbers = await unlessGone(
    ask({ method: 'GET', path, route: `${routeOf(resource)}/attachments`, signal }, (value) =>
      Object.values(record(value, 'the answer')).map(Number),
    ),
  );
  return (numbers ?? []).filter((number) => number >= firstUserNumber);
}

async function unlessGone<Answer>(asking: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (asFailure(error)?.facts['isOrthancAnswer'] === true && asFailure(error)?.code === 'ORTHANC_NOT_FOUND')
      return undefined;
    throw error;
  }
}
