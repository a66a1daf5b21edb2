import { compareAttributes } from './attributes.ts';
import { type Depth, hasInstances, instanceKeys, seriesKeys } from './depth.ts';
import type { Item, State } from './item.ts';
import { mergeSorted } from './merge-sorted.ts';
import type { SideContent, SideInstance, SideSeries } from './side.ts';

/** Two files of one instance whose MD5 differ, or are not known: whether they are the same has to be seen. */
export interface DoubtfulFiles {
  readonly item: Item;
  readonly hereId: string;
  readonly thereId: string;
}

export interface ContentVerdict {
  readonly items: readonly Item[];
  readonly doubtful: readonly DoubtfulFiles[];
  /** How many instances both sides have. */
  readonly common: number;
  /** Attributes, by keyword, that the other side does not tell, and how often. */
  readonly untold: ReadonlyMap<string, number>;
}

export interface ContentRequest {
  readonly depth: Depth;
  /** UID and date of the study, for the items. */
  readonly study: Pick<Item, 'studyInstanceUid' | 'studyDate'>;
  readonly here: SideContent;
  readonly there: SideContent;
  /** Whether the other side tells all attributes. */
  readonly tellsAll: boolean;
}

interface Growing {
  readonly items: Item[];
  readonly doubtful: DoubtfulFiles[];
  readonly untold: Map<string, number>;
  common: number;
  readonly tellsAll: boolean;
}

/** What differs between two contents of a study. Believes both: who must not be believed is asked again before. Pure. */
export function compareContents({ depth, study, here, there, tellsAll }: ContentRequest): ContentVerdict {
  const verdict: Growing = { items: [], doubtful: [], untold: new Map(), common: 0, tellsAll };
  for (const met of mergeSorted(here.series, there.series)) {
    const about = { ...study, level: 'series', seriesInstanceUid: met.key } as const;
    if (met.here !== undefined && met.there !== undefined)
      compareSeries(verdict, { depth, about, here: met.here, there: met.there });
    else verdict.items.push({ ...about, ...alone(met.here, met.there) });
  }
  const { items, doubtful, untold, common } = verdict;
  return { items, doubtful, untold, common };
}

/** Of a series that only one side has. */
function alone(here: SideSeries | undefined, there: SideSeries | undefined) {
  const series = here ?? there;
  const counted = series?.instances.size || series?.told;
  const state: State = here === undefined ? 'onlyThere' : 'onlyInOrthanc';
  return { state, instances: counted, orthancId: here?.orthancId };
}

interface Both<Of> {
  readonly depth: Depth;
  readonly about: Omit<Item, 'state'>;
  readonly here: Of;
  readonly there: Of;
}

function compareSeries(verdict: Growing, { depth, about, here, there }: Both<SideSeries>): void {
  noteAttributes(verdict, seriesKeys(depth), { about, here, there });
  if (!hasInstances(depth)) return;
  for (const { key, ...met } of mergeSorted(here.instances, there.instances)) {
    const one = { ...about, level: 'instance', sopInstanceUid: key } as const;
    if (met.here === undefined) verdict.items.push({ ...one, state: 'onlyThere' });
    else if (met.there === undefined)
      verdict.items.push({ ...one, state: 'onlyInOrthanc', orthancId: met.here.orthancId });
    else compareInstance(verdict, { depth, about: one, here: met.here, there: met.there });
  }
  verdict.items.push(...unnamed(about, here, there));
}

function compareInstance(verdict: Growing, { depth, about, here, there }: Both<SideInstance>): void {
  verdict.common += 1;
  noteAttributes(verdict, instanceKeys(depth), { about, here, there });
  if (depth.level !== 'Hash' || (here.md5 !== undefined && here.md5 === there.md5)) return;
  const item: Item = { ...about, state: 'differs', code: 'CONTENT_DIFFERS', orthancId: here.orthancId };
  if (here.orthancId !== undefined && there.orthancId !== undefined)
    verdict.doubtful.push({ item, hereId: here.orthancId, thereId: there.orthancId });
}

/** What the other side counts and does not name. */
function unnamed(about: Omit<Item, 'state'>, here: SideSeries, there: SideSeries): Item[] {
  if (there.mayBeCut !== true) return [];
  const hidden = (there.told ?? 0) - there.instances.size;
  if (there.told === undefined)
    return here.instances.size === there.instances.size
      ? []
      : [{ ...about, state: 'unknown', code: 'MAY_BE_CUT', message: 'The answer may have been cut.' }];
  if (hidden <= 0) return [];
  const message = `It counts ${String(hidden)} more than it names, as it cuts its answers.`;
  return [{ ...about, state: 'onlyThere', code: 'NOT_NAMED', message, instances: hidden }];
}

function noteAttributes(
  verdict: Growing,
  keywords: readonly string[],
  { about, here, there }: Omit<Both<SideInstance>, 'depth'>,
): void {
  if (keywords.length === 0) return;
  const { differences, untold } = compareAttributes(keywords, {
    here: here.tags,
    there: there.tags,
    tellsAll: verdict.tellsAll,
  });
  for (const keyword of untold) verdict.untold.set(keyword, (verdict.untold.get(keyword) ?? 0) + 1);
  if (differences.length === 0) return;
  const item = { ...about, orthancId: here.orthancId, attributes: differences };
  verdict.items.push({ ...item, state: 'differs', code: 'ATTRIBUTES_DIFFER' });
}
