import type { FaultProxy, RequestFault } from '@orthanc-tools/orthanc-testbed';

type Matching = NonNullable<RequestFault['matching']>;

export const isUpload: Matching = ({ method, path }) => method === 'POST' && path === '/instances';

/** What ends a run when so many of these requests have come; all of them are passed on. */
export function endsAt(proxy: FaultProxy, count: number, matching: Matching): AbortSignal {
  const ending = new AbortController();
  let seen = 0;
  proxy.addFault({
    effect: 'answer',
    status: 500,
    rate: 0,
    matching(request) {
      if (matching(request) && ++seen === count) ending.abort();
      return false;
    },
  });
  return ending.signal;
}
