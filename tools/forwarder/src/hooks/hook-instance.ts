import type { HookInstance, HookTags } from '../../types/hooks.d.ts';
import type { Outgoing } from '../open-route.ts';
import { type TagEntries, entriesIn } from '../processing/tag-entries.ts';

/** An instance on its way to a destination, as hooks get it. Pure. */
export function hookInstance(
  { id, seriesId, studyId, size }: Outgoing,
  tags: TagEntries,
  destination: string,
): HookInstance {
  return { destination, id, seriesId, studyId, size, tags: hookTags(tags) };
}

/** By keyword, or, where there is none, by their numbers. */
function hookTags(tags: TagEntries): HookTags {
  return Object.fromEntries(
    entriesIn(tags).map(({ tag, keyword, items, value }) => [
      /^\w+$/.test(keyword) ? keyword : tag,
      items === undefined ? value : items.map(hookTags),
    ]),
  );
}
