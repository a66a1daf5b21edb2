import { asFailure } from '@orthanc-tools/failures';
import type { Logger, Metrics } from '@orthanc-tools/telemetry';
import type { Claim, LedgerView } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type ArchiveLimits, isArchive } from './archive-limits.ts';
import type { RememberingLedger } from './archive-memory.ts';
import { awaitVerdict, awaitsVerdict } from './await-verdict.ts';
import type { HoldingRoom } from './holding-room.ts';
import { importArchive } from './import-archive.ts';
import { dicomizePdf } from './dicomize-pdf.ts';
import { type FolderImages, pdfWaits, studyFor } from './folder-studies.ts';
import { folderOf } from './file-key.ts';
import type { Seen } from './clear-away.ts';
import { folderAway } from './folder-presence.ts';
import { type ClaimSettings, type Opened, inspectClaim } from './inspect-claim.ts';
import type { OpenedFile } from './open-file.ts';
import { type Outcome, type Refused, aside, isInstance, isProved, noteOf, testimoniesOf } from './outcome.ts';
import type { PdfsFound } from './pdfs-found.ts';
import { type RunTotals, addOutcome } from './run-totals.ts';
import { type GuardedContext, storeIdentified, whose } from './store-identified.ts';

export interface ImportContext extends ClaimSettings, Omit<GuardedContext, 'signal'> {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly totals: RunTotals;
  readonly limits: ArchiveLimits;
  readonly room: HoldingRoom;
  /** Makes durable what was answered. */
  readonly flush: () => void;
  /** What is done with PDFs: they are listed, they wait for the images of their folder, or, with those of the folders, they become instances. */
  readonly pdfs: 'list' | 'wait' | ReadonlyMap<string, FolderImages>;
  readonly pdfsFound: PdfsFound;
  readonly verdicts: Pick<LedgerView, 'verdict'>;
  readonly unreadFolders: Set<string>;
  readonly memory: RememberingLedger;
}

/** Imports the files that were claimed, and answers for each: single ones together, then archives one after the other. */
export async function importFiles(
  claims: readonly Claim[],
  hand: Hand,
  context: ImportContext,
): Promise<void> {
  const inspections = await Promise.allSettled(claims.map((claim) => inspectClaim(claim, context)));
  const opened = inspections.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    for (const one of inspections) if (one.status === 'rejected') throw one.reason;
    await importOpened(opened, hand, context);
  } finally {
    for (const { inspected } of opened) if ('file' in inspected) await inspected.file[Symbol.asyncDispose]();
  }
}

async function importOpened(opened: readonly Opened[], hand: Hand, context: ImportContext): Promise<void> {
  for (const one of opened) {
    const { claim, inspected } = one;
    if ('outcome' in inspected) conclude(claim, inspected.outcome, hand, context);
    else if (inspected.kind === 'pdf') await importPdf(one, inspected.file, hand, context);
  }
  await importSingles(opened, hand, context);
  for (const one of opened) {
    const { inspected } = one;
    if ('file' in inspected && isArchive(inspected.kind))
      await importArchive(one, { file: inspected.file, kind: inspected.kind }, hand, context);
  }
}

/** What was asked to be done with it. */
export async function importPdf(
  opened: Pick<Opened, 'claim' | 'seen'>,
  file: OpenedFile,
  hand: Hand,
  context: ImportContext,
): Promise<void> {
  const { pdfs, pdfsFound } = context;
  const { claim, seen } = opened;
  if (pdfs === 'wait') {
    pdfsFound.since(claim, seen);
    // Concluded, but not counted: it comes again when the study of its folder is known.
    const note = JSON.stringify({ ...pdfWaits, size: file.size });
    hand.settle(claim, { outcome: pdfWaits.status, proof: 'none', parts: 0, bytes: 0, note });
    return;
  }
  if (pdfs === 'list') {
    conclude(claim, aside('not-dicom', file.size, ['PDF', 'A PDF.']), hand, context);
    return;
  }
  const images = pdfs.get(folderOf(claim.key));
  const study = images && studyFor(images, pdfsFound.since(claim, seen));
  const pdf = { key: claim.key, pdf: file };
  const outcome = await dicomizePdf(study, pdf, { ...context, signal: hand.signal });
  if (seen !== undefined && isInstance(outcome)) pdfsFound.forget(claim.key);
  await concludeAndClear([[opened, outcome]], hand, context);
}

async function importSingles(opened: readonly Opened[], hand: Hand, context: ImportContext): Promise<void> {
  const singles = opened.flatMap(({ claim, inspected, seen }) =>
    'file' in inspected && inspected.kind === 'dicom' ? [{ claim, seen, file: inspected.file }] : [],
  );
  if (singles.length === 0) return;
  const contents = singles.map(({ file }) => file);
  let outcomes: readonly Outcome[];
  try {
    outcomes = await storeIdentified(contents, {
      ...context,
      signal: hand.signal,
      onStreaming: (content) => tellOfStream(singles.find(({ file }) => file === content)?.claim, hand),
      // Killed while it waits for Orthanc, a process was not brought down by what it had read.
      onIdentified: () => {
        for (const { claim } of singles) if (claim.crashes > 0) tellOfStream(claim, hand);
      },
    });
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    outcomes = contents.map((content) => ({
      status: 'refused',
      size: content.size,
      failure,
      ...whose(content),
    }));
  }
  const isAway = outcomes.some(isUnread) && (await context.presence.isAway());
  const concluded = singles.flatMap(({ claim, seen }, at) => {
    const outcome = outcomes[at];
    if (outcome === undefined) return [];
    return [
      [
        { claim, seen },
        isAway && isUnread(outcome) ? { ...outcome, failure: folderAway() } : outcome,
      ] as const,
    ];
  });
  await concludeAndClear(concluded, hand, context);
}

const isUnread = (outcome: Outcome): outcome is Refused =>
  outcome.status === 'refused' && outcome.failure.code === 'FILE_NOT_READ';

type Concluded = readonly [Pick<Opened, 'claim' | 'seen'>, Outcome];

/** Takes away what is proved, where that is wanted: once it is durable that it was. */
async function concludeAndClear(
  concluded: readonly Concluded[],
  hand: Hand,
  context: ImportContext,
): Promise<void> {
  const { clearAway, flush } = context;
  const done: (readonly [string, Seen])[] = [];
  for (const [{ claim, seen }, outcome] of concluded) {
    const goes = seen !== undefined && outcome.status !== 'refused' && isProved(outcome);
    if (goes) {
      clearAway?.announce(claim.key, seen);
      done.push([claim.key, seen]);
    }
    conclude(claim, goes ? { ...outcome, mark: '' } : outcome, hand, context);
  }
  if (clearAway === undefined || done.length === 0) return;
  flush();
  for (const [key, seen] of done) await clearAway.clear(key, seen);
}

/** A large file that was on its way when the process was killed did not kill it. */
function tellOfStream(claim: Claim | undefined, hand: Hand): void {
  if (claim !== undefined) hand.observe({ parts: 1, bytes: 0, claim });
}

/** Records what became of a file: in the ledger, in the totals, in the log. */
export function conclude(
  claim: Claim,
  outcome: Outcome,
  hand: Hand,
  { totals, log, guard, pdfsFound }: Pick<ImportContext, 'totals' | 'log' | 'guard' | 'pdfsFound'>,
): void {
  const known = { note: JSON.stringify(noteOf(outcome)), testimonies: testimoniesOf([outcome]) };
  const { id, size } = outcome;
  if (outcome.status === 'refused') {
    const { code } = outcome.failure;
    if (code === awaitsVerdict.code) {
      awaitVerdict(claim, { size, testimonies: known.testimonies }, hand);
      return;
    }
    // A large file of which much was sent in vain is no further than before.
    const hasProgressed = outcome.isAwaited ?? false;
    const what = hand.reschedule(claim, outcome.failure, { ...known, hasProgressed });
    if (what === 'set aside') log.warn('file.set_aside', { orthancId: id, code, attempt: claim.attempt });
    else log.debug('file.rescheduled', { orthancId: id, code, attempt: claim.attempt });
    return;
  }
  const { status, proof, mark } = outcome;
  const parts = isInstance(outcome) ? 1 : 0;
  hand.settle(claim, {
    outcome: status,
    proof,
    parts,
    bytes: parts * size,
    ...known,
    // Orthanc may know somebody else by now than when the patient was last judged; whoever refuses has judged beforehand.
    judgesAgain: guard === undefined,
    ...(mark === undefined ? {} : { mark }),
  });
  if (status === 'vanished') pdfsFound.forget(claim.key);
  addOutcome(totals, outcome);
  log.debug('file.concluded', { orthancId: id, status, proof, bytes: size });
}
