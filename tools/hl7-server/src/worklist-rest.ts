import type { Attributes } from '@orthanc-tools/dicom-files';
import { asFailure, sideBySide, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { isAscii, worklistTags } from './worklist-content.ts';
import { type WorklistChange, type WorklistOutput, ownName } from './worklist-output.ts';

/** As Orthanc takes tags: every value a text, several values with a backslash between them, items of sequences as objects. */
function tagsForOrthanc(attributes: Attributes): Record<string, unknown> {
  const tags: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isSequence = keyword.endsWith('Sequence');
    tags[keyword] = isSequence
      ? values.map((item) => tagsForOrthanc(item as Attributes))
      : values.map(String).join('\\');
  }
  return tags;
}

const isGone = (error: unknown): boolean => asFailure(error)?.code === 'ORTHANC_NOT_FOUND';

/** So many requests at the same time. */
const lanes = 8;

function idsIn(answer: unknown): string[] {
  if (!Array.isArray(answer))
    throw transientFailure('WORKLISTS_UNREADABLE', 'Orthanc answered no list of worklists.', {
      scope: 'run',
    });
  return answer.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'ID' in one ? String(one.ID) : String(one),
  );
}

/** Worklists held by Orthanc itself: the REST API of its plugin for worklists, version 0.9 and newer. */
export function worklistRest(orthanc: Orthanc): WorklistOutput & { isThere(): Promise<boolean> } {
  let isKnown = false;
  const isThere = async (): Promise<boolean> => {
    try {
      await orthanc.call({ method: 'GET', path: '/worklists' });
      return (isKnown = true);
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  };
  const apply = async ({ name, worklist }: WorklistChange): Promise<void> => {
    const path = `/worklists/${name}`;
    if (worklist === undefined) {
      await orthanc.call({ method: 'DELETE', path }).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
      return;
    }
    const tags = worklistTags(worklist, isAscii(worklist.attributes) ? [] : ['ISO_IR 192']);
    await orthanc.call({ method: 'PUT', path, content: { Tags: tagsForOrthanc(tags) } });
  };
  return {
    describe: orthanc.url,
    isThere,
    async apply(changes) {
      if (changes.length === 0) return;
      if (!isKnown && !(await isThere()))
        throw transientFailure(
          'WORKLISTS_PLUGIN_MISSING',
          `Orthanc at ${orthanc.url} has no REST API for worklists.`,
        );
      // A request that is still on its way must not arrive after those of the next group.
      await sideBySide(changes, lanes, apply);
    },
    names: async () =>
      new Set(
        idsIn(await orthanc.call({ method: 'GET', path: '/worklists' })).filter((id) => ownName.test(id)),
      ),
    clean: () => Promise.resolve(),
  };
}
