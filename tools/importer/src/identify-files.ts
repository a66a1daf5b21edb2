import { asFailure } from '@orthanc-tools/failures';
import type { Claim, Testimony } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type ArchiveKind, archiveBudget, isArchive } from './archive-limits.ts';
import { awaitVerdict } from './await-verdict.ts';
import { type ImportContext, conclude, importPdf } from './import-files.ts';
import { inspectClaim } from './inspect-claim.ts';
import type { Inspected } from './inspect-file.ts';
import type { OpenedFile } from './open-file.ts';
import { testimoniesOf } from './outcome.ts';
import { readArchive, sourceIn } from './read-archive.ts';
import { whose } from './store-identified.ts';

/** Reads whose images the files hold and stores none; what is no image is concluded. */
export async function identifyFiles(
  claims: readonly Claim[],
  hand: Hand,
  context: ImportContext,
): Promise<void> {
  for (const claim of claims) {
    const { inspected } = await inspectClaim(claim, context);
    if ('outcome' in inspected) conclude(claim, inspected.outcome, hand, context);
    else await identifyOpened(claim, inspected, hand, context);
  }
}

async function identifyOpened(
  claim: Claim,
  { file: opened, kind }: Extract<Inspected, { file: OpenedFile }>,
  hand: Hand,
  context: ImportContext,
): Promise<void> {
  await using file = opened;
  if (kind === 'pdf') {
    await importPdf({ claim, seen: undefined }, file, hand, context);
    return;
  }
  const { size } = file;
  if (!isArchive(kind)) {
    awaitVerdict(claim, { size, testimonies: testimoniesOf([whose(file)]) }, hand);
    return;
  }
  // Killed while it reads a large archive, a process was not brought down by what it had read.
  const onMember = () => {
    hand.observe({ parts: 1, bytes: 0, claim });
  };
  try {
    const testimonies = await testimoniesIn(file, kind, { ...context, signal: hand.signal, onMember });
    awaitVerdict(claim, { size, testimonies }, hand);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    // It begins anew next time: it is no further than before, and this attempt counts.
    conclude(claim, { status: 'refused', size, failure }, hand, context);
  }
}

/** Of all members that can be read: what is wrong with the others shows when they are to be stored. */
async function testimoniesIn(
  file: OpenedFile,
  kind: ArchiveKind,
  context: ImportContext & { readonly signal: AbortSignal; readonly onMember: () => void },
): Promise<readonly Testimony[]> {
  const said = new Map<string, Testimony>();
  const budget = archiveBudget(context.limits, file.size);
  try {
    for await (const member of readArchive(sourceIn(file, kind), { ...context, budget })) {
      context.signal.throwIfAborted();
      context.onMember();
      if (!('content' in member)) continue;
      for (const one of testimoniesOf([whose(member.content)])) said.set(`${one.subject} ${one.value}`, one);
      // The next member comes only when this one was read.
      if (!member.content.isWhole) for await (const piece of member.content.body()) void piece;
    }
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.kind !== 'permanent') throw error;
  }
  return [...said.values()];
}
