import type { RunContext } from '@orthanc-tools/tool-runtime';
import { eachPage } from '@orthanc-tools/work-ledger';
import type { Verification } from './destination.ts';
import { type Assurance, type OpenDestination, type OpenWay, assuranceOf } from './open-destination.ts';

/** What each way allows to be known, as it was last found: at the start, or later where it was away then. */
export interface Assurances {
  /** Tells it where it is news. */
  found(way: OpenWay, destination: OpenDestination, strength: Verification): Assurance;
}

export function watchAssurances({ log, progress }: Pick<RunContext, 'log' | 'progress'>): Assurances {
  const known = new Map<OpenWay, Assurance>();
  return {
    found(way, destination, strength) {
      const { name, verify } = destination;
      const assurance = assuranceOf(verify, strength);
      if (known.get(way) === assurance) return assurance;
      known.set(way, assurance);
      const { target: via, mode } = way.route.route;
      const facts = { destination: name, via, mode };
      if (assurance === 'unprovable') {
        const consequence = 'everything is sent and kept, nothing is deleted';
        const ordered = verify ?? 'any';
        log.warn('destination.unprovable', { ...facts, ordered, possible: strength, consequence });
        progress.note(`${name} gives no proof: ${consequence}`);
      } else log.info('destination.provable', { ...facts, verify: assurance });
      if (way === destination.ways[0] && provesLater(assurance)) askAgain(destination);
      return assurance;
    },
  };
}

/** Whether it can be proved by this of what was sent while nobody could be asked whether it was there before. */
const provesLater = (assurance: Assurance): boolean => assurance === 'hash' || assurance === 'count';

const unproved = 'sent-unproved';

/** What was sent while it could not be asked is asked about now; nothing of it is sent again. */
function askAgain({ ledger, take }: OpenDestination): void {
  if ((ledger.tally().byOutcome[unproved] ?? 0) === 0) return;
  const pages = eachPage(
    (page) => ledger.rows(page),
    ({ key }) => key,
  );
  for (const page of pages) {
    const open = page.filter(({ state, outcome }) => state === 'done' && outcome === unproved);
    if (open.length > 0) take(open.map(({ key }) => key));
  }
}
