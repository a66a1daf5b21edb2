import type { FoundTags } from '@orthanc-tools/orthanc-client';
import type { KnownCap } from '@orthanc-tools/study-search';
import { itemFailure } from './item-failure.ts';
import { uidIn } from './uid-in.ts';

interface UidQuestion {
  readonly uids: readonly string[];
  readonly keyword: string;
}

type AskByUid = (uids: readonly string[]) => Promise<readonly FoundTags[]>;

/** Below any cap that somebody would configure. */
const uidsPerQuestion = 40;

/**
 * Asks for lists of UIDs (DICOM PS3.4 C.2.2.2.2) as long as the modality answers them, and for each that was not told by
 * itself: only that answer says that something is not there.
 */
export function uidQuestions(cap: KnownCap) {
  /** The longest list that was read to its end, as its last UID was told: one no longer that tells nothing is believed. */
  let readLength = 0;
  return async (ask: AskByUid, { uids, keyword }: UidQuestion): Promise<Map<string, FoundTags>> => {
    const found = new Map<string, FoundTags>();
    const note = (answers: readonly FoundTags[], asked: ReadonlySet<string>) => {
      for (const tags of answers) if (asked.has(uidIn(tags, keyword))) found.set(uidIn(tags, keyword), tags);
    };
    const single: string[] = [];
    for (let at = 0; at < uids.length; at += uidsPerQuestion) {
      const some = uids.slice(at, at + uidsPerQuestion);
      const answers = some.length === 1 ? await ask(some) : await unlessRefused(() => ask(some));
      if (answers === undefined) {
        single.push(...some);
        continue;
      }
      note(answers, new Set(some));
      const told = some.filter((uid) => found.has(uid)).length;
      if (told > 1 && found.has(some.at(-1) ?? '')) readLength = Math.max(readLength, some.length);
      const isSure = some.length === 1 || (some.length <= readLength && !cap.mayBeCut(answers.length));
      if (!isSure) single.push(...some.filter((uid) => !found.has(uid)));
    }
    for (const uid of single) note(await ask([uid]), new Set([uid]));
    return found;
  };
}

/** Some modalities refuse lists, which says nothing of what is there. */
async function unlessRefused<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (itemFailure(error) === undefined) throw error;
    return undefined;
  }
}
