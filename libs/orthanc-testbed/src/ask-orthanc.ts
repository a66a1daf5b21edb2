/** An Orthanc as the testbed's own checks see it; deliberately not through `orthanc-client`, which is under test. */
export interface OrthancAddress {
  readonly url: string;
  /** For basic authentication. */
  readonly user?: string;
  readonly password?: string;
}

/** @throws Error with the status when the answer is not a success */
export async function askOrthanc(
  orthanc: OrthancAddress,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (orthanc.user !== undefined) {
    const credentials = Buffer.from(`${orthanc.user}:${orthanc.password ?? ''}`).toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  }
  const answer = await fetch(`${orthanc.url}${path}`, { ...init, headers });
  if (answer.ok) return answer;
  throw new Error(
    `${init.method ?? 'GET'} ${path}: ${String(answer.status)} ${(await answer.text()).slice(0, 500)}`,
  );
}
