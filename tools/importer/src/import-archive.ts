import { asFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type ArchiveKind, archiveBudget } from './archive-limits.ts';
import { type ArchivePdfs, archivePdfs } from './archive-pdfs.ts';
import { archiveMemory } from './archive-memory.ts';
import { type ArchiveRecord, archiveRecord } from './archive-record.ts';
import { awaitVerdict, awaitsVerdict } from './await-verdict.ts';
import type { ImportContext } from './import-files.ts';
import type { Opened } from './inspect-claim.ts';
import type { OpenedFile } from './open-file.ts';
import { isInstance } from './outcome.ts';
import { type Member, readArchive, sourceIn } from './read-archive.ts';
import { addOutcome, addTotals, noTotals } from './run-totals.ts';
import { storeIdentified } from './store-identified.ts';

interface Archive {
  readonly file: OpenedFile;
  readonly kind: ArchiveKind;
}

type ContentMember = Extract<Member, { content: unknown }>;

type ArchiveContext = ImportContext & { readonly signal: AbortSignal };

const membersAtOnce = 16;
const bytesAtOnce = 16 * 1024 * 1024;

/** Imports what is in an archive, and answers for it: as a whole, with each member that was not stored as an exception. */
export async function importArchive(
  { claim, seen }: Pick<Opened, 'claim' | 'seen'>,
  archive: Archive,
  hand: Hand,
  settings: ImportContext,
): Promise<void> {
  const tell = () => hand.observe({ parts: 1, bytes: 0, claim });
  const onIdentified = () => void (claim.crashes > 0 && tell());
  const context = { ...settings, signal: hand.signal, onStreaming: tell, onIdentified };
  const [memory, totals] = [archiveMemory(claim.key, context.memory), noTotals()];
  const record = archiveRecord((part, became) => {
    if (isInstance(became)) hand.observe({ parts: 1, bytes: became.size, claim });
    const outcome = memory.recall(part, became);
    addOutcome(totals, outcome);
    return outcome;
  });
  const pdfs = archivePdfs(context);
  await readInto(record, pdfs, archive, context);
  const { clearAway } = context;
  const isOpen = context.pdfs === 'wait' && pdfs.count > 0;
  const goes =
    seen !== undefined && clearAway !== undefined && !isOpen && record.isProved(clearAway.whenDone);
  if (goes) clearAway.announce(claim.key, seen);
  const about = { record, size: archive.file.size, pdfs: openPdfs(pdfs, context), goes };
  const answered = answer(claim, about, hand, context);
  if (answered === 'done') memory.forget();
  // What is tried again counts once it was read to its end.
  if (answered !== 'later') addTotals(context.totals, totals);
  if (!goes) return;
  context.flush();
  await clearAway.clear(claim.key, seen);
}

/** As long as none was to become an instance, they may be asked for another time. */
const openPdfs = ({ count }: ArchivePdfs, { pdfs }: ImportContext): number =>
  pdfs === 'wait' || pdfs === 'list' ? count : 0;

async function readInto(
  record: ArchiveRecord,
  pdfs: ArchivePdfs,
  { file, kind }: Archive,
  context: ArchiveContext,
): Promise<void> {
  const open = (readsPdfs: boolean) => {
    const budget = archiveBudget(context.limits, file.size);
    return readArchive(sourceIn(file, kind), { ...context, budget, readsPdfs });
  };
  try {
    await storeMembers(open(false), { record, pdfs }, context);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    record.fail(failure);
  }
  if (pdfs.count > 0 && openPdfs(pdfs, context) === 0)
    await pdfs.store(open(true), record.failure === undefined, record.add);
}

async function storeMembers(
  members: ReturnType<typeof readArchive>,
  { record, pdfs }: { readonly record: ArchiveRecord; readonly pdfs: ArchivePdfs },
  context: ArchiveContext,
): Promise<void> {
  let batch: ContentMember[] = [];
  let bytes = 0;
  const add: typeof pdfs.see = (member, outcome) => {
    const isLater = pdfs.see(member, outcome);
    if (!isLater) record.add(member.name, outcome);
    return isLater;
  };
  const flush = async () => {
    const named = batch;
    [batch, bytes] = [[], 0];
    const contents = named.map(({ content }) => content);
    for (const [at, outcome] of (await storeIdentified(contents, context)).entries())
      add(named[at] ?? { name: '', folder: '' }, outcome);
  };
  for await (const member of members) {
    if (context.signal.aborted) context.signal.throwIfAborted();
    if ('outcome' in member) {
      add(member, member.outcome);
      continue;
    }
    batch.push(member);
    bytes += member.content.size;
    if (!member.content.isWhole || batch.length >= membersAtOnce || bytes >= bytesAtOnce) await flush();
  }
  await flush();
}

interface Answer {
  readonly record: ArchiveRecord;
  readonly size: number;
  readonly pdfs: number;
  /** It is taken out of the folder. */
  readonly goes: boolean;
}

function answer(
  claim: Claim,
  { record, size, pdfs, goes }: Answer,
  hand: Hand,
  { log, guard }: ImportContext,
): 'done' | 'later' | 'set aside' {
  const { whole, failure } = record;
  const open = pdfs === 0 ? {} : { pdfs };
  const note = JSON.stringify({
    // What could not be read to its end is none of which all members have their own lines.
    status: whole === undefined ? 'archive' : 'refused',
    size,
    ...open,
    code: whole?.code,
    reason: whole?.message,
  });
  const { proof, ...known } = { ...record.answer(), note };
  if (failure?.code === awaitsVerdict.code) {
    awaitVerdict(claim, { size, testimonies: known.testimonies }, hand);
    return 'later';
  }
  const setAside = known.exceptions.length;
  if (failure !== undefined) {
    const hasProgressed = record.storedInstances > 0;
    const what = hand.reschedule(claim, failure, { ...known, hasProgressed });
    if (what !== 'set aside') return 'later';
    log.warn('archive.set_aside', { code: failure.code, setAside });
    return what;
  }
  hand.settle(claim, {
    ...{ outcome: 'archive', proof, ...known },
    judgesAgain: guard === undefined,
    ...(goes ? { mark: '' } : {}),
  });
  if (setAside === 0) return 'done';
  log.warn('archive.set_aside', { setAside });
  return 'set aside';
}
