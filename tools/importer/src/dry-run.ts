import type { RunContext } from '@orthanc-tools/tool-runtime';
import { type ArchiveKind, type ArchiveLimits, archiveBudget, isArchive } from './archive-limits.ts';
import { asFailure } from '@orthanc-tools/failures';
import type { Content } from './content.ts';
import type { HoldingRoom } from './holding-room.ts';
import { identify } from './identify.ts';
import { type InspectSettings, inspectFile } from './inspect-file.ts';
import type { OpenedFile } from './open-file.ts';
import { readArchive, sourceIn } from './read-archive.ts';
import { walkFolder } from './walk-folder.ts';

const atOnce = 16;

/** What a run would find; nothing is stored, and Orthanc is not asked. */
export async function countFolder(
  settings: InspectSettings & { readonly limits: ArchiveLimits; readonly room: HoldingRoom },
  { signal, progress }: Pick<RunContext, 'signal' | 'progress'>,
): Promise<Record<string, number>> {
  const studies = new Set<string>();
  const counts = {
    files: 0,
    studies: 0,
    instances: 0,
    bytes: 0,
    archives: 0,
    notDicomFiles: 0,
    skippedFiles: 0,
    unreadableFiles: 0,
  };
  const addContent = ({ head, size }: Content) => {
    counts.instances += 1;
    counts.bytes += size;
    const identity = identify(head);
    if (identity !== undefined) studies.add(identity.studyId);
  };
  const addOther = (status: string) => {
    if (status === 'not-dicom') counts.notDicomFiles += 1;
    else if (status === 'skipped') counts.skippedFiles += 1;
    else counts.unreadableFiles += 1;
  };
  async function addArchive(file: OpenedFile, kind: ArchiveKind): Promise<void> {
    counts.archives += 1;
    const budget = archiveBudget(settings.limits, file.size);
    try {
      for await (const member of readArchive(sourceIn(file, kind), { ...settings, budget }))
        if ('content' in member) {
          addContent(member.content);
          // The next member comes only when this one was read.
          if (!member.content.isWhole) for await (const piece of member.content.body()) void piece;
        } else addOther(member.outcome.status);
    } catch (error) {
      if (asFailure(error) === undefined) throw error;
      counts.unreadableFiles += 1;
    }
  }
  async function add(key: string): Promise<void> {
    counts.files += 1;
    const inspected = await inspectFile(key, settings);
    if ('outcome' in inspected) {
      addOther(inspected.outcome.status);
      return;
    }
    await using file = inspected.file;
    if (isArchive(inspected.kind)) await addArchive(file, inspected.kind);
    else if (inspected.kind === 'dicom') addContent(file);
    else addOther('not-dicom');
  }
  for await (const page of walkFolder(settings.folder, settings.disk, signal)) {
    for (let at = 0; at < page.length; at += atOnce)
      await Promise.all(page.slice(at, at + atOnce).map(({ key }) => add(key)));
    progress.update({
      doneItems: counts.files,
      doneParts: counts.instances,
      doneBytes: counts.bytes,
      setAside: 0,
    });
  }
  return { ...counts, studies: studies.size };
}
