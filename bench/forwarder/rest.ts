import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';

/** One call of an Orthanc's REST API; its JSON. @throws what it answers instead of a success */
export async function rest(
  { url }: RunningOrthanc,
  path: string,
  { body, signal, method = body === undefined ? 'GET' : 'POST' }: RestRequest,
): Promise<unknown> {
  const answer = await fetch(new URL(path, url), {
    method,
    signal,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text.slice(0, 300)}`);
  return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined;
}

interface RestRequest {
  readonly body?: unknown;
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly signal: AbortSignal;
}
