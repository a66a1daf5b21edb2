import { type Compared, compareStudy, confirmVanished, haveSameContent } from '@orthanc-tools/copy-proof';
import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance, StudyHead } from '@orthanc-tools/orthanc-client';
import { type Exception, placeSingly } from './place-singly.ts';
import { planShipments } from './plan-shipments.ts';
import type { Lanes } from './lanes.ts';
import { ship } from './ship.ts';
import type { StudyLine, Tell } from './storing-line.ts';

/** What became of one study; counts are of instances, sizes in bytes. */
export interface StudyOutcome {
  readonly isVanished: boolean;
  /** Proved at the destination, by the kind of proof. */
  readonly proved: Readonly<Record<string, number>>;
  readonly provedBytes: number;
  /** Those of the proved ones that this visit brought there. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** What will not arrive unless somebody acts. */
  readonly exceptions: readonly Exception[];
  /** Why the study must be visited again: some instances are neither proved nor given up. */
  readonly unfinished: Failure | undefined;
}

/** A study as both sides told it before anything was sent. */
export interface StudyView {
  readonly studyId: string;
  /** Undefined where the source does not know the study. */
  readonly head: StudyHead | undefined;
  readonly here: readonly StoredInstance[];
  readonly there: readonly StoredInstance[];
}

export const nothingProved: StudyOutcome = {
  isVanished: false,
  proved: {},
  provedBytes: 0,
  copied: 0,
  copiedBytes: 0,
  exceptions: [],
  unfinished: undefined,
};

/** What is to be sent; nothing of what the destination holds already, with whatever content. */
export function missingIn({ here, there }: StudyView): StoredInstance[] {
  return instancesThatAre(
    'missing',
    compareStudy(here, there, () => true),
  );
}

/** What a visit goes through with. */
export interface Crossing {
  readonly lanes: Lanes;
  readonly tell: Tell;
}

/** Reads the missing instances of a study, in as few requests as possible, and hands them to the line. */
export async function sendMissing(view: StudyView, line: StudyLine, crossing: Crossing): Promise<void> {
  const { studyId, head, here } = view;
  const study = head ?? { id: studyId, uid: undefined, seriesIds: [] };
  for (const shipment of planShipments(missingIn(view), here, crossing.lanes.routes))
    await ship(shipment, study, { ...crossing, line });
}

/**
 * Judges a study by what the destination holds afterwards. What is still missing although nothing passing was in the
 * way is sent again one by one, for the sake of the receipts.
 */
export async function concludeStudy(
  view: StudyView,
  sent: { readonly after: readonly StoredInstance[]; readonly failure: Failure | undefined },
  { lanes, tell }: Crossing,
): Promise<StudyOutcome> {
  const { studyId, here } = view;
  const { source, destination } = lanes;
  if (here.length === 0) return goneOrBack(studyId, source);
  const before = new Set(view.there.map(({ id }) => id));
  const wasThere = (id: string) => before.has(id);
  const compared = compareStudy(here, sent.after, wasThere);
  const absent = instancesThatAre('missing', compared);
  const isPassing = sent.failure !== undefined && sent.failure.kind !== 'permanent';
  if (absent.length === 0 || isPassing)
    return tally(compared, {
      before,
      lanes,
      exceptions: [],
      unfinished: absent.length === 0 ? undefined : sent.failure,
    });

  const placed = await placeSingly(absent, studyId, { lanes, tell });
  const gone = new Set(placed.vanished);
  const remaining = here.filter(({ id }) => !gone.has(id));
  const final = compareStudy(remaining, await destination.studies.instances(studyId), wasThere);
  return tally(final, { before, lanes, exceptions: placed.exceptions, unfinished: placed.unfinished });
}

/** A study that was not there a moment ago and is there now has come back meanwhile: it is visited again. */
async function goneOrBack(studyId: string, source: Orthanc): Promise<StudyOutcome> {
  if (await confirmVanished(source, studyId)) return { ...nothingProved, isVanished: true };
  const unfinished = transientFailure('STUDY_CAME_BACK', 'The study has come back while it was looked at.');
  return { ...nothingProved, unfinished };
}

const instancesThatAre = (what: Compared['verdict']['is'], compared: readonly Compared[]): StoredInstance[] =>
  compared.filter(({ verdict }) => verdict.is === what).map(({ instance }) => instance);

interface Conclusion {
  readonly before: ReadonlySet<string>;
  readonly lanes: Lanes;
  readonly exceptions: readonly Exception[];
  readonly unfinished: Failure | undefined;
}

async function tally(compared: readonly Compared[], conclusion: Conclusion): Promise<StudyOutcome> {
  const { before, lanes } = conclusion;
  const proved: Record<string, number> = {};
  const exceptions = [...conclusion.exceptions];
  let [provedBytes, copied, copiedBytes] = [0, 0, 0];
  const prove = ({ id, size }: StoredInstance, proof: string) => {
    proved[proof] = (proved[proof] ?? 0) + 1;
    provedBytes += size;
    if (before.has(id)) return;
    copied += 1;
    copiedBytes += size;
  };
  for (const { instance, verdict } of compared) {
    if (verdict.is === 'proved') prove(instance, verdict.proof);
    else if (verdict.is === 'different') exceptions.push(conflict(instance, before));
    else if (verdict.is === 'undecided') {
      if (await haveSameContent(lanes.source, lanes.destination, instance.id)) prove(instance, 'id+content');
      else exceptions.push(conflict(instance, before));
    }
  }
  return {
    isVanished: false,
    proved,
    provedBytes,
    copied,
    copiedBytes,
    exceptions,
    unfinished: conclusion.unfinished,
  };
}

function conflict({ id }: StoredInstance, before: ReadonlySet<string>): Exception {
  return before.has(id)
    ? {
        part: id,
        code: 'CONTENT_CONFLICT',
        message: 'The destination holds other content under the same identifiers.',
      }
    : {
        part: id,
        code: 'CONTENT_CHANGED',
        message: 'The destination changed the content when it stored the instance.',
      };
}
