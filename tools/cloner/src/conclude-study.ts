import { type Compared, compareStudy, confirmVanished, haveSameContent } from '@orthanc-tools/copy-proof';
import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { type Crossing, type StudyView, instancesThatAre } from './study-view.ts';
import { placeSingly } from './place-singly.ts';
import { type Exception, type StudyOutcome, toldEmpty, vanished } from './study-outcome.ts';

/** What is known when nothing more is sent. */
interface Finding {
  readonly studyId: string;
  readonly compared: readonly Compared[];
  /** Held by the destination before anything was sent. */
  readonly before: ReadonlySet<string>;
  readonly exceptions: readonly Exception[];
  readonly unfinished: Failure | undefined;
}

/** Share of what was sent. */
const fewOf = 0.15;

/**
 * Judges a study by what the destination holds afterwards. What is still missing although nothing passing was in the
 * way is sent again one by one, for the sake of the receipts; and so are a few that a passing fault hit, as another visit
 * would cost more than they do. Many wait in the ledger. Every instance that the source holds ends as proved, as an
 * exception, or as pending.
 */
export async function concludeStudy(
  { studyId, here, there }: StudyView,
  sent: { readonly after: readonly StoredInstance[]; readonly failure: Failure | undefined },
  crossing: Crossing,
): Promise<StudyOutcome> {
  const { source, destination } = crossing.lanes;
  const { signal } = crossing;
  const goneOrNot = async () => ((await confirmVanished(source, studyId, signal)) ? vanished : toldEmpty());
  if (here.length === 0) return goneOrNot();
  const before = new Set(there.map(({ id }) => id));
  const wasThere = (id: string) => before.has(id);
  const compared = compareStudy(here, sent.after, wasThere);
  const absent = instancesThatAre('missing', compared);
  const isPassing = sent.failure !== undefined && sent.failure.kind !== 'permanent';
  const areFew = absent.length <= Math.max(1, fewOf * (here.length - there.length));
  // A server that says when it wants to be asked again is not asked before.
  const mustWait = sent.failure?.retryAfterMs !== undefined;
  if (absent.length === 0 || (isPassing && (!areFew || mustWait)))
    return tally({ studyId, compared, before, exceptions: [], unfinished: sent.failure }, crossing);

  const placed = await placeSingly(absent, studyId, crossing);
  const gone = new Set(placed.vanished);
  const remaining = here.filter(({ id }) => !gone.has(id));
  if (remaining.length === 0) return goneOrNot();
  const final = compareStudy(remaining, await destination.studies.instances(studyId, signal), wasThere);
  return tally({ ...placed, studyId, compared: final, before }, crossing);
}

async function tally(finding: Finding, crossing: Crossing): Promise<StudyOutcome> {
  const { before } = finding;
  const proved: Record<string, number> = {};
  const exceptions = new Map(finding.exceptions.map((exception) => [exception.part, exception]));
  const pending: string[] = [];
  let unfinished: Failure | undefined;
  let [provedBytes, copied, copiedBytes] = [0, 0, 0];
  const prove = ({ id, size }: StoredInstance, proof: string) => {
    exceptions.delete(id);
    proved[proof] = (proved[proof] ?? 0) + 1;
    provedBytes += size;
    if (before.has(id)) return;
    copied += 1;
    copiedBytes += size;
  };
  for (const { instance, verdict } of finding.compared) {
    const { id } = instance;
    switch (verdict.is) {
      case 'proved':
        prove(instance, verdict.proof);
        break;
      case 'without file':
        exceptions.set(id, withoutFile(id, verdict.at));
        break;
      case 'different': {
        const proof = await crossing.lanes.carrier.proveRewritten?.(instance, finding.studyId, crossing);
        if (typeof proof === 'string') prove(instance, proof);
        else if (proof === undefined) exceptions.set(id, otherContent(id, before));
        else {
          pending.push(id);
          unfinished ??= proof;
        }
        break;
      }
      case 'missing':
        if (exceptions.has(id)) break;
        if (finding.unfinished === undefined) exceptions.set(id, notKept(id));
        else pending.push(id);
        break;
      case 'undecided': {
        const same = await compareFiles(instance, crossing);
        if (same === true) prove(instance, 'id+content');
        else if (same === false) exceptions.set(id, otherContent(id, before));
        else {
          pending.push(id);
          unfinished ??= same;
        }
      }
    }
  }
  return {
    isVanished: false,
    proved,
    provedBytes,
    accepted: 0,
    acceptedBytes: 0,
    copied,
    copiedBytes,
    exceptions: [...exceptions.values()],
    pending,
    unfinished: pending.length === 0 ? undefined : (finding.unfinished ?? unfinished),
  };
}

/** Whether both files are equal, or why that cannot be told now. */
async function compareFiles(
  { id }: StoredInstance,
  { lanes: { source, destination } }: Crossing,
): Promise<boolean | Failure> {
  try {
    return await haveSameContent(source, destination, id);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    return failure;
  }
}

/** A destination that says "stored" and then does not have it: a script or a plugin that deletes or renames. */
const notKept = (part: string): Exception => ({
  part,
  code: 'NOT_THERE_AFTER_STORING',
  message: 'The destination said that it stored the instance, and does not hold it.',
});

export const withoutFile = (part: string, at: 'source' | 'destination'): Exception => ({
  part,
  code: at === 'source' ? 'FILE_MISSING_AT_SOURCE' : 'FILE_MISSING_AT_DESTINATION',
  message: `The ${at} lists the instance and holds no file of it.`,
});

function otherContent(part: string, before: ReadonlySet<string>): Exception {
  return before.has(part)
    ? {
        part,
        code: 'CONTENT_CONFLICT',
        message: 'The destination holds other content under the same identifiers.',
      }
    : {
        part,
        code: 'CONTENT_CHANGED',
        message: 'The destination changed the content when it stored the instance.',
      };
}
