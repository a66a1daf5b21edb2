import type { RunContext } from '@orthanc-tools/tool-runtime';
import { asFailure } from '@orthanc-tools/failures';
import { type ArchiveKind, type ArchiveLimits, archiveBudget, isArchive } from './archive-limits.ts';
import type { Content } from './content.ts';
import type { HoldingRoom } from './holding-room.ts';
import { identify } from './identify.ts';
import { type InspectSettings, inspectFile } from './inspect-file.ts';
import type { OpenedFile } from './open-file.ts';
import { type Outcome, noteOf } from './outcome.ts';
import { readArchive, sourceIn } from './read-archive.ts';
import { walkFolder } from './walk-folder.ts';

const atOnce = 16;

type CountSettings = InspectSettings & { readonly limits: ArchiveLimits; readonly room: HoldingRoom };

/** What a run would find; nothing is stored, and Orthanc is not asked. */
export async function countFolder(
  settings: CountSettings,
  { signal, progress }: Pick<RunContext, 'signal' | 'progress'>,
): Promise<Record<string, number>> {
  const found = counting();
  for await (const page of walkFolder(settings.folder, settings, signal)) {
    for (let at = 0; at < page.length; at += atOnce)
      await Promise.all(page.slice(at, at + atOnce).map(({ key }) => countFile(key, found, settings)));
    const { files, instances, bytes } = found.counts;
    progress.update({ doneItems: files, doneParts: instances, doneBytes: bytes, setAside: 0 });
  }
  return { ...found.counts, studies: found.studies.size };
}

type Counting = ReturnType<typeof counting>;

function counting() {
  const studies = new Set<string>();
  const counts = {
    files: 0,
    studies: 0,
    instances: 0,
    bytes: 0,
    archives: 0,
    pdfs: 0,
    notDicomFiles: 0,
    skippedFiles: 0,
    unreadableFiles: 0,
  };
  return {
    counts,
    studies,
    addImage({ head, size }: Content): void {
      counts.instances += 1;
      counts.bytes += size;
      const identity = identify(head);
      if (identity !== undefined) studies.add(identity.studyId);
    },
    addOther(outcome: Outcome): void {
      const { status, code } = noteOf(outcome);
      if (code === 'PDF') counts.pdfs += 1;
      else if (status === 'not-dicom') counts.notDicomFiles += 1;
      else if (status === 'skipped') counts.skippedFiles += 1;
      else counts.unreadableFiles += 1;
    },
  };
}

async function countFile(key: string, found: Counting, settings: CountSettings): Promise<void> {
  found.counts.files += 1;
  const inspected = await inspectFile(key, settings);
  if ('outcome' in inspected) {
    found.addOther(inspected.outcome);
    return;
  }
  await using file = inspected.file;
  if (isArchive(inspected.kind)) await countArchive(file, inspected.kind, found, settings);
  else if (inspected.kind === 'dicom') found.addImage(file);
  else found.counts.pdfs += 1;
}

async function countArchive(
  file: OpenedFile,
  kind: ArchiveKind,
  found: Counting,
  settings: CountSettings,
): Promise<void> {
  found.counts.archives += 1;
  const budget = archiveBudget(settings.limits, file.size);
  try {
    for await (const member of readArchive(sourceIn(file, kind), { ...settings, budget }))
      if ('content' in member) {
        // The next member comes only when this one was read; and how large it is may show only then.
        if (!member.content.isWhole) for await (const piece of member.content.body()) void piece;
        found.addImage(member.content);
      } else found.addOther(member.outcome);
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    found.counts.unreadableFiles += 1;
  }
}
