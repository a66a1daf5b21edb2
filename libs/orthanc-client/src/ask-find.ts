import type { Ask } from './ask.ts';
import { unlessChanged } from './changed-meanwhile.ts';

/**
 * What `POST /tools/find` tells, to a question that the server understands.
 * @throws transient `ORTHANC_CHANGED_MEANWHILE` where something of it was deleted while Orthanc read it
 */
export function askFind<Answer>(
  ask: Ask,
  content: Readonly<Record<string, unknown>>,
  parse: (value: unknown) => Answer,
  signal?: AbortSignal,
): Promise<Answer> {
  const question = { method: 'POST', path: '/tools/find', isFixedRoute: true, content, signal } as const;
  return unlessChanged(() => ask(question, parse));
}
