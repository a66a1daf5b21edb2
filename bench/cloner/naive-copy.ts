import { inThisProcess } from '../measure/cost.ts';
import { openHttpLane } from '../measure/http-lane.ts';
import { inParallel } from '../measure/in-parallel.ts';
import type { Contender } from './contender.ts';

const lanes = 12;

/** What everybody would write first: one GET and one POST per instance, twelve at a time, with what Node brings along. */
export function naiveCopy(ids: readonly string[], roundTripMs?: number): Contender {
  return {
    name: `naive: fetch and POST, ${String(lanes)} at a time`,
    role: roundTripMs === undefined ? 'naive' : 'naive far',
    ...(roundTripMs !== undefined && { roundTripMs }),
    copy: ({ source, destination, signal }) =>
      inThisProcess(() =>
        inParallel(ids, { lanes, signal }, async (id) => {
          const file = await succeed(fetch(new URL(`/instances/${id}/file`, source), { signal }));
          const body = await file.arrayBuffer();
          const stored = await succeed(
            fetch(new URL('/instances', destination), { method: 'POST', body, signal }),
          );
          await stored.arrayBuffer();
        }),
      ),
  };
}

/**
 * The same with the leanest client that Node offers: how much of the difference is the client alone. No promise is
 * measured by it, but nobody shall take the one above for the best that a relay can do.
 */
export function leanCopy(ids: readonly string[]): Contender {
  return {
    name: `lean relay: GET and POST, ${String(lanes)} at a time`,
    role: 'lean',
    copy: ({ source, destination, signal }) =>
      inThisProcess(async () => {
        using from = openHttpLane(source, signal);
        using to = openHttpLane(destination, signal);
        await inParallel(ids, { lanes, signal }, async (id) => {
          const { chunks } = await from.send({ path: `/instances/${id}/file` });
          await to.send({ method: 'POST', path: '/instances', body: chunks });
        });
      }),
  };
}

async function succeed(answering: Promise<Response>): Promise<Response> {
  const answer = await answering;
  if (!answer.ok) throw new Error(`${answer.url} was answered ${String(answer.status)}`);
  return answer;
}
