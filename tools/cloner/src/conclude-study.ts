import { type Compared, compareStudy, confirmVanished, haveSameContent } from '@orthanc-tools/copy-proof';
import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { type Crossing, type StudyView, instancesThatAre } from './study-view.ts';
import { type Unfound, isUnfound, judgeUnfound, withoutFile } from './judge-unfound.ts';
import { placeSingly } from './place-singly.ts';
import { type Exception, type StudyOutcome, nothingProved, toldEmpty, vanished } from './study-outcome.ts';

/** What is known when nothing more is sent. */
interface Finding {
  readonly studyId: string;
  readonly compared: readonly Compared[];
  /** What the destination holds by now. */
  readonly held: ReadonlyMap<string, StoredInstance>;
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
  if (absent.length === 0 || (isPassing && (!areFew || mustWait))) {
    const unfinished = sent.failure;
    const finding = { studyId, compared, held: byId(sent.after), before, exceptions: [], unfinished };
    return (await tally(finding, crossing)) ?? goneOrNot();
  }

  const placed = await placeSingly(absent, studyId, crossing);
  const gone = new Set(placed.vanished);
  const remaining = here.filter(({ id }) => !gone.has(id));
  if (remaining.length === 0) return goneOrNot();
  const held = await destination.studies.instances(studyId, signal);
  const final = compareStudy(remaining, held, wasThere);
  const finding = { ...placed, studyId, compared: final, held: byId(held), before };
  return (await tally(finding, crossing)) ?? goneOrNot();
}

const byId = (instances: readonly StoredInstance[]) => new Map(instances.map((one) => [one.id, one]));

/** Undefined where nothing of it is left at the source by now. */
async function tally(finding: Finding, crossing: Crossing): Promise<StudyOutcome | undefined> {
  const counted = openCount(finding);
  const unfound: Unfound[] = [];
  for (const { instance, verdict } of finding.compared) {
    const { id } = instance;
    switch (verdict.is) {
      case 'proved':
        counted.prove(instance, verdict.proof);
        break;
      case 'without file':
        counted.except(withoutFile(id, verdict.at));
        break;
      case 'missing':
        counted.miss(id);
        break;
      case 'different':
      case 'undecided': {
        const look = verdict.is === 'different' ? proveRewritten : proveByContent;
        const answer = await look(instance, finding, crossing);
        if (typeof answer === 'string') counted.prove(instance, answer);
        else if (answer === undefined) counted.except(otherContent(id, finding.before));
        else if (isUnfound(answer)) unfound.push({ id, failure: answer });
        else counted.wait(id, answer);
      }
    }
  }
  const { gone, exceptions, pending, unfinished } = await judgeUnfound(unfound, finding.studyId, crossing);
  if (gone.length === finding.compared.length) return undefined;
  for (const exception of exceptions) counted.except(exception);
  for (const id of pending) counted.wait(id, unfinished);
  const outcome = counted.outcome();
  tellConcluded(outcome, { ...finding, bySending: counted.bySending }, crossing);
  return outcome;
}

/** What is not pending needs no memory of its sending any more. */
function tellConcluded(
  { pending }: StudyOutcome,
  { studyId, compared, held, bySending }: Finding & { readonly bySending: readonly StoredInstance[] },
  { lanes: { carrier } }: Crossing,
): void {
  if (carrier.concluded === undefined) return;
  const isPending = new Set(pending);
  const concluded = compared.map(({ instance }) => instance).filter(({ id }) => !isPending.has(id));
  const both = bySending.flatMap((here) => {
    const there = held.get(here.id);
    return there === undefined ? [] : [{ here, there }];
  });
  carrier.concluded(studyId, concluded, both);
}

/** Every instance is counted once: as proved, as an exception, or as pending. */
function openCount(finding: Finding) {
  const { before } = finding;
  const proved: Record<string, number> = {};
  const exceptions = new Map(finding.exceptions.map((exception) => [exception.part, exception]));
  const pending: string[] = [];
  const bySending: StoredInstance[] = [];
  let unfinished: Failure | undefined;
  let [provedBytes, copied, copiedBytes] = [0, 0, 0];
  const except = (exception: Exception) => void exceptions.set(exception.part, exception);
  return {
    bySending: bySending as readonly StoredInstance[],
    prove(instance: StoredInstance, proof: string) {
      const { id, size } = instance;
      exceptions.delete(id);
      if (proof === 'id+sent') bySending.push(instance);
      proved[proof] = (proved[proof] ?? 0) + 1;
      provedBytes += size;
      if (before.has(id)) return;
      copied += 1;
      copiedBytes += size;
    },
    except,
    wait(id: string, why: Failure | undefined) {
      pending.push(id);
      unfinished ??= why;
    },
    miss(id: string) {
      if (exceptions.has(id)) return;
      if (finding.unfinished === undefined) except(notKept(id));
      else pending.push(id);
    },
    outcome: (): StudyOutcome => ({
      ...nothingProved,
      proved,
      provedBytes,
      copied,
      copiedBytes,
      exceptions: [...exceptions.values()],
      pending,
      unfinished: pending.length === 0 ? undefined : (finding.unfinished ?? unfinished),
    }),
  };
}

/** The proof; undefined where there is none; or why it cannot be told now. */
type Looked = string | undefined | Failure;

async function proveRewritten(here: StoredInstance, finding: Finding, crossing: Crossing): Promise<Looked> {
  const there = finding.held.get(here.id);
  if (there === undefined) return undefined;
  return crossing.lanes.carrier.proveRewritten?.({ here, there }, finding.studyId, crossing);
}

/** Whether both files are equal. */
async function proveByContent(
  instance: StoredInstance,
  _: Finding,
  { lanes: { source, destination }, signal }: Crossing,
): Promise<Looked> {
  try {
    const isSame = await haveSameContent([source, instance], [destination, instance], signal);
    return isSame ? 'id+content' : undefined;
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
