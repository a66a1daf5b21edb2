import type { Failure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import { type Hand, sideBySide } from '@orthanc-tools/work-loop';
import type { Lanes } from './lanes.ts';
import { headless, lookAgain, lookAtStudies } from './look-at-studies.ts';
import { planShipments } from './plan-shipments.ts';
import { type ShipContext, ship } from './ship.ts';
import { type StudyLine, openStoringLine } from './storing-line.ts';
import type { Crossing, StudyView } from './study-view.ts';
import type { Tempo } from './tempo.ts';

/** From this visit on, each instance is sent alone, for a receipt of its own. */
const singlyFromAttempt = 3;
/** How many studies of a hand are read side by side. */
const readsAtOnce = 2;

/** A study that was claimed, and what both sides told of it before anything was sent. */
interface Errand {
  readonly claim: Claim;
  readonly view: StudyView;
  readonly crossing: Crossing;
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
  const { signal } = hand;
  const keys = claims.map(({ key }) => key);
  const [views, tempo] = await Promise.all([lookAtStudies(keys, lanes, signal), lanes.tempo()]);
  const errands = claims.flatMap((claim): Errand[] => {
    const view = views.get(claim.key);
    const crossing: Crossing = { lanes, signal, tell: (stored) => hand.observe({ ...stored, claim }) };
    return view === undefined ? [] : [{ claim, view, crossing }];
  });
  const failures = await sendAll(errands, lanes, tempo);
  const sent = errands.filter(({ view }) => view.missing.length > 0).map(({ view }) => view);
  const after = await lookAgain(sent, lanes, signal);
  return errands.map((errand) => ({
    ...errand,
    after: after.get(errand.view.studyId) ?? errand.view.there,
    failure: failures.get(errand.claim),
  }));
}

/** Sends what is missing of each study; the first that ends the run is thrown when nothing is in flight any more. */
async function sendAll(errands: readonly Errand[], lanes: Lanes, tempo: Tempo): Promise<Map<Claim, Failure>> {
  const line = openStoringLine(lanes, tempo);
  const lines = new Map<Claim, StudyLine>();
  const together = errands.filter(({ claim }) => claim.attempt < singlyFromAttempt);
  await sideBySide(together, readsAtOnce, async ({ claim, view, crossing }) => {
    const own = line.forStudy(crossing);
    lines.set(claim, own);
    await sendMissing(view, { ...crossing, tempo, line: own });
  });
  const failures = new Map<Claim, Failure>();
  for (const [claim, own] of lines) {
    const failure = await own.finished();
    if (failure !== undefined) failures.set(claim, failure);
  }
  return failures;
}

/** Reads the missing instances of a study, in as few requests as possible, and hands them to the line. */
async function sendMissing(view: StudyView, context: ShipContext): Promise<void> {
  const { studyId, head, here, missing } = view;
  const study = head ?? headless(studyId);
  for (const shipment of planShipments(missing, here, context.lanes.routes)) {
    if (context.signal.aborted || context.line.isOver) return;
    await ship(shipment, study, context);
  }
}
