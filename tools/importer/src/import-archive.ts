import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Claim, PartException, PartNote, Testimony } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type ArchiveKind, archiveBudget } from './archive-limits.ts';
import type { ClearAway } from './clear-away.ts';
import type { Content } from './content.ts';
import type { ImportContext } from './import-files.ts';
import type { Opened } from './inspect-claim.ts';
import type { OpenedFile } from './open-file.ts';
import { type Outcome, isInstance, isProved, noteOf, testimoniesOf } from './outcome.ts';
import { readArchive, sourceIn } from './read-archive.ts';
import { addOutcome } from './run-totals.ts';
import { storeIdentified } from './store-identified.ts';

interface Archive {
  readonly file: OpenedFile;
  readonly kind: ArchiveKind;
}

interface Named {
  readonly name: string;
  readonly content: Content;
}

const membersAtOnce = 16;
const bytesAtOnce = 16 * 1024 * 1024;

/** Imports what is in an archive, and answers for it: as a whole, with each member that was not stored as an exception. */
export async function importArchive(
  { claim, seen }: Pick<Opened, 'claim' | 'seen'>,
  { file, kind }: Archive,
  hand: Hand,
  context: ImportContext,
): Promise<void> {
  const record = membersOf(claim, hand, context);
  const budget = archiveBudget(context.limits, file.size);
  try {
    await storeMembers(readArchive(sourceIn(file, kind), { ...context, budget }), record, {
      ...context,
      signal: hand.signal,
    });
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    record.fail(failure);
  }
  const goes =
    context.clearAway !== undefined && seen !== undefined && record.isProved(context.clearAway.whenDone);
  record.answer(file.size, goes);
  if (!goes) return;
  context.flush();
  await context.clearAway.clear(claim.key, seen);
}

type Members = ReturnType<typeof membersOf>;

async function storeMembers(
  members: ReturnType<typeof readArchive>,
  record: Members,
  context: ImportContext & { readonly signal: AbortSignal },
): Promise<void> {
  let batch: Named[] = [];
  let bytes = 0;
  const flush = async () => {
    const named = batch;
    [batch, bytes] = [[], 0];
    const outcomes = await storeIdentified(
      named.map(({ content }) => content),
      context,
    );
    for (const [at, outcome] of outcomes.entries()) record.add(named[at]?.name ?? '', outcome);
  };
  for await (const member of members) {
    if (context.signal.aborted) context.signal.throwIfAborted();
    if ('outcome' in member) {
      record.add(member.name, member.outcome);
      continue;
    }
    batch.push(member);
    bytes += member.content.size;
    if (!member.content.isWhole || batch.length >= membersAtOnce || bytes >= bytesAtOnce) await flush();
  }
  await flush();
}

/** Collects what became of the members of one archive. */
function membersOf(claim: Claim, hand: Hand, { totals, log }: ImportContext) {
  const notes = new Map<string, PartNote>();
  const exceptions: PartException[] = [];
  const said = new Map<string, Testimony>();
  const proofs = new Set<string>();
  let unfinished: Failure | undefined;
  let [stored, parts, bytes] = [0, 0, 0];
  let whole: Failure | undefined;
  let [hasOthers, isWeak] = [false, false];

  function nameFor(name: string): string {
    let unique = name;
    for (let n = 2; notes.has(unique); n += 1) unique = `${name}#${String(n)}`;
    return unique;
  }
  function take(outcome: Outcome): void {
    addOutcome(totals, outcome);
    for (const one of testimoniesOf([outcome])) said.set(`${one.subject} ${one.value}`, one);
    if (!('code' in outcome) || outcome.code !== 'DICOMDIR') hasOthers ||= !isInstance(outcome);
    if (!isInstance(outcome)) return;
    isWeak ||= !isProved(outcome);
    parts += 1;
    bytes += outcome.size;
    if (outcome.status !== 'refused') proofs.add(outcome.proof);
    if (outcome.status === 'stored') stored += 1;
    hand.observe({ parts: 1, bytes: outcome.size, claim });
  }
  return {
    add(name: string, outcome: Outcome): void {
      const part = nameFor(name);
      notes.set(part, { part, note: JSON.stringify(noteOf(outcome)) });
      take(outcome);
      if (outcome.status !== 'refused') return;
      const { code, message, kind } = outcome.failure;
      exceptions.push({ part, code, message });
      if (kind !== 'permanent') unfinished ??= outcome.failure;
    },
    /** The rest of the archive could not be read. */
    fail(failure: Failure): void {
      if (failure.kind === 'permanent') whole = failure;
      else unfinished ??= failure;
    },
    /** Whether the archive is needed no more. Moved, what it holds beside images is not lost; deleted, it would be. */
    isProved(whenDone: ClearAway['whenDone']): boolean {
      return whole === undefined && exceptions.length === 0 && (whenDone === 'move' || !hasOthers) && !isWeak;
    },
    answer(size: number, goes: boolean): void {
      const code = whole?.code;
      const note = JSON.stringify({ status: 'archive', size, code, reason: whole?.message });
      const known = {
        parts,
        bytes,
        exceptions,
        note,
        partNotes: [...notes.values()],
        testimonies: [...said.values()],
      };
      const failure = unfinished ?? whole;
      if (failure !== undefined) {
        const what = hand.reschedule(claim, failure, { ...known, hasProgressed: stored > 0 });
        if (what === 'set aside')
          log.warn('archive.set_aside', { code: failure.code, setAside: exceptions.length });
        return;
      }
      const proof = proofs.size === 1 ? [...proofs].join('') : proofs.size === 0 ? 'none' : 'mixed';
      hand.settle(claim, { outcome: 'archive', proof, ...known, ...(goes ? { mark: '' } : {}) });
      if (exceptions.length > 0) log.warn('archive.set_aside', { setAside: exceptions.length });
    },
  };
}
