import type { Failure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type StudyView, missingIn, sendMissing } from './copy-study.ts';
import type { Lanes } from './lanes.ts';
import { lookAgain, lookAtStudies } from './look-at-studies.ts';
import { sideBySide } from './side-by-side.ts';
import { type StudyLine, type Tell, openStoringLine } from './storing-line.ts';

/** From this visit on, each instance is sent alone, for a receipt of its own. */
const singlyFromAttempt = 3;
/** How many studies of a hand are read side by side. */
const readsAtOnce = 2;

/** A study that was claimed, and what both sides told of it before anything was sent. */
interface Errand {
  readonly claim: Claim;
  readonly view: StudyView;
  readonly tell: Tell;
}

/** The same after its missing instances were sent: what the destination holds by now, and what went wrong. */
export interface BroughtStudy extends Errand {
  readonly after: readonly StoredInstance[];
  readonly failure: Failure | undefined;
}

/** Looks at some studies on both sides, sends what is missing, and looks again. Nothing is judged here. */
export async function bringStudies(
  claims: readonly Claim[],
  hand: Hand,
  lanes: Lanes,
): Promise<BroughtStudy[]> {
  const views = await lookAtStudies(
    claims.map(({ key }) => key),
    lanes,
  );
  const errands = claims.flatMap((claim): Errand[] => {
    const view = views.get(claim.key);
    const tell: Tell = (stored) => {
      hand.observe({ ...stored, claim });
    };
    return view === undefined ? [] : [{ claim, view, tell }];
  });
  const failures = await sendAll(errands, lanes);
  const sent = errands.filter(({ view }) => missingIn(view).length > 0).map(({ view }) => view);
  const after = await lookAgain(sent, lanes);
  return errands.map((errand) => ({
    ...errand,
    after: after.get(errand.view.studyId) ?? errand.view.there,
    failure: failures.get(errand.claim),
  }));
}

/** Sends what is missing of each study; the first that ends the run is thrown when nothing is in flight any more. */
async function sendAll(errands: readonly Errand[], lanes: Lanes): Promise<Map<Claim, Failure>> {
  const line = openStoringLine(lanes);
  const lines = new Map<Claim, StudyLine>();
  await sideBySide(
    errands.filter(({ claim }) => claim.attempt < singlyFromAttempt),
    readsAtOnce,
    async ({ claim, view, tell }) => {
      const own = line.forStudy(tell);
      lines.set(claim, own);
      await sendMissing(view, own, { lanes, tell });
    },
  );
  const failures = new Map<Claim, Failure>();
  for (const [claim, own] of lines) {
    const failure = await own.finished();
    if (failure !== undefined) failures.set(claim, failure);
  }
  return failures;
}
