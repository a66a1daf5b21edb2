import { openHttpLane } from '../measure/http-lane.ts';
import { inParallel } from '../measure/in-parallel.ts';
import type { Contender } from './contender.ts';
import { inThisProcess } from './contender.ts';

const lanes = 12;

/** What everybody would write first: one GET and one POST per instance, twelve at a time. */
export function naiveCopy(ids: readonly string[], roundTripMs: number): Contender {
  return {
    name: `naive: GET and POST, ${String(lanes)} at a time`,
    role: roundTripMs === 0 ? 'naive' : 'naive far',
    roundTripMs,
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
