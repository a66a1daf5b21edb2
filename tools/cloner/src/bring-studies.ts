import type { Failure } from '@orthanc-tools/failures';
import type { ResourceBelongings, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { askForBelongings } from './belongings/bring-belongings.ts';
import type { Bringing } from './bringing.ts';
import type { Errand } from './carrier.ts';
import { concludeStudy } from './conclude-study.ts';
import type { Lanes } from './lanes.ts';
import { lookAgain, lookAtStudies } from './look-at-studies.ts';
import type { Crossing, StudyView } from './study-view.ts';

/** To a destination that can be asked for what it holds, over its REST API. */
export function bringThrough(lanes: Lanes): Bringing {
  const { source, destination, outages } = lanes;
  return {
    suspects: { servers: [source, destination], outages },
    ...(lanes.belongings && { belongings: { work: lanes.belongings, lanes } }),
    bring: async (claims, hand) =>
      (await bringStudies(claims, hand, lanes)).map((study) => ({
        claim: study.claim,
        belongs: study,
        conclude: () => concludeStudy(study.view, study, study.crossing),
      })),
  };
}

/** The same after its missing instances were sent: what the destination holds by now, and what went wrong. */
interface BroughtStudy extends Errand {
  readonly after: readonly StoredInstance[];
  readonly failure: Failure | undefined;
  /** What the source says belongs to it; nothing where that is not to travel. */
  readonly told: readonly ResourceBelongings[];
}

/** Looks at some studies on both sides, sends what is missing, and looks again. Nothing is judged here. */
async function bringStudies(claims: readonly Claim[], hand: Hand, lanes: Lanes): Promise<BroughtStudy[]> {
  const { signal } = hand;
  const { carrier } = lanes;
  const keys = claims.map(({ key }) => key);
  await carrier.catchUp(claims, signal);
  const [views, tempo] = await Promise.all([lookAtStudies(keys, lanes, signal), lanes.tempo()]);
  const errands = claims.flatMap((claim): Errand[] => {
    const view = views.get(claim.key);
    const crossing: Crossing = { lanes, signal, tell: (stored) => hand.observe({ ...stored, claim }) };
    return view === undefined ? [] : [{ claim, view, crossing }];
  });
  const asking = askSource([...views.values()], lanes, signal);
  // Whoever fails first is told; the other one must not end the process.
  asking.catch(() => undefined);
  const failures = await carrier.carry(errands, { lanes, tempo });
  const sent = errands.filter(({ view }) => view.missing.length > 0).map(({ view }) => view);
  const [after, told] = await Promise.all([lookAgain(sent, lanes, signal), asking]);
  return errands.map((errand) => ({
    ...errand,
    after: after.get(errand.view.studyId) ?? errand.view.there,
    failure: failures.get(errand.claim),
    told: told.get(errand.view.studyId) ?? [],
  }));
}

/** Asked while the images travel: nobody waits for it. */
async function askSource(
  views: readonly StudyView[],
  lanes: Lanes,
  signal: AbortSignal,
): Promise<Map<string, readonly ResourceBelongings[]>> {
  const { belongings: work } = lanes;
  return work === undefined ? new Map() : askForBelongings(views, { lanes, work, signal });
}
