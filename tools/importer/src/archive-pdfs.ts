import { type Failure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import { dicomizePdf } from './dicomize-pdf.ts';
import { type FolderStudy, asFarAsHeld, joinedBy, noStudy, unsure } from './folder-studies.ts';
import type { ImportContext } from './import-files.ts';
import { type Outcome, noteOf } from './outcome.ts';
import type { Member, readArchive } from './read-archive.ts';

/** PDFs in one archive: each goes to the study of the images in its own folder there, if that is one. */
export interface ArchivePdfs {
  /** Tells of a member, in the order of the archive. @returns whether it is a PDF to be decided later */
  see(member: Pick<Member, 'name' | 'folder'>, outcome: Outcome): boolean;
  readonly count: number;
  /** Once all was seen: reads the archive again, for its PDFs only. */
  store(
    members: ReturnType<typeof readArchive>,
    isWhole: boolean,
    add: (name: string, outcome: Outcome) => void,
  ): Promise<void>;
}

export function archivePdfs(context: ImportContext & { readonly signal: AbortSignal }): ArchivePdfs {
  const folders = new Map<string, FolderStudy>();
  const waiting: Pick<Member, 'name' | 'folder'>[] = [];
  const studyOf = (folder: string): FolderStudy => asFarAsHeld(folders.get(folder) ?? noStudy);
  return {
    get count() {
      return waiting.length;
    },
    see({ name, folder }, outcome) {
      const note = noteOf(outcome);
      if (note.code === 'PDF') {
        waiting.push({ name, folder });
        return context.pdfs !== 'list' && context.pdfs !== 'wait';
      }
      const state = outcome.status === 'refused' ? 'set aside' : 'done';
      folders.set(folder, joinedBy(folders.get(folder) ?? noStudy, { state, note }, context.verdicts));
      return false;
    },
    async store(members, isWhole, add) {
      const left = [...waiting];
      try {
        for await (const member of members) {
          if (!('outcome' in member)) continue;
          const { name, folder, outcome, pdf } = member;
          const isRefused = left[0]?.name === name && outcome.status === 'refused';
          if (pdf === undefined && !isRefused) continue;
          const study = isWhole ? studyOf(folder) : unsure;
          const became = pdf === undefined ? outcome : await dicomizePdf(study, { key: name, pdf }, context);
          add(left.shift()?.name ?? name, became);
        }
        for (const { name } of left) add(name, unread());
      } catch (error) {
        const failure = asFailure(error);
        if (failure === undefined || failure.scope === 'run') throw error;
        for (const { name } of left) add(name, unread(failure));
      }
    },
  };
}

/** A failure that may pass is told as it is. */
const unread = (failure?: Failure): Outcome => ({
  status: 'refused',
  size: 0,
  failure:
    failure === undefined || failure.kind === 'permanent'
      ? permanentFailure('ARCHIVE_DAMAGED', 'The PDF cannot be read again.')
      : failure,
});
