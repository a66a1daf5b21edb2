import type { Failure } from '@orthanc-tools/failures';
import { patientIdIn } from '@orthanc-tools/study-search';
import { type Tags, compareAttributes } from './attributes.ts';
import { type Comparison, type StudyPair, type StudyVerdict, isWanted } from './comparison.ts';
import { type ContentVerdict, type DoubtfulFiles, compareContents } from './compare-contents.ts';
import { hasInstances, hasSeries } from './depth.ts';
import { haveSameInstances } from './have-same-instances.ts';
import { contradictions } from './identity.ts';
import { type Item, identityConflict } from './item.ts';
import { itemFailure } from './item-failure.ts';
import { type Glimpse, type SideContent, nothing } from './side.ts';

/**
 * What differs in one study. What was seen at a glance may show that nothing does; anything else is believed only after
 * both sides were asked for this study alone. A question that fails makes the study unknown, not different.
 */
export async function judgeStudy(
  comparison: Comparison,
  pair: StudyPair,
  glimpse: Glimpse | undefined,
): Promise<StudyVerdict> {
  if (pair.doubt !== undefined) return unknownVerdict(pair, pair.doubt);
  try {
    return await judge(comparison, pair, glimpse);
  } catch (error) {
    const failure = itemFailure(error);
    if (failure === undefined) throw error;
    return unknownVerdict(pair, failure);
  }
}

const unknownVerdict = (
  pair: StudyPair,
  { code, message }: Pick<Failure, 'code' | 'message'>,
): StudyVerdict => ({
  ...verdictOf(pair, [{ ...aboutOf(pair), state: 'unknown', code, message }], 0),
  isUnseen: true,
});

const aboutOf = ({ uid, here, there }: StudyPair) => ({
  level: 'study' as const,
  studyInstanceUid: uid,
  studyDate: here?.date || there?.date || '',
  orthancId: here?.orthancId,
});

function verdictOf(pair: StudyPair, items: readonly Item[], commonInstances: number): StudyVerdict {
  const { uid, here } = pair;
  return { uid, date: aboutOf(pair).studyDate, items, commonInstances, orthancId: here?.orthancId };
}

async function judge(
  comparison: Comparison,
  pair: StudyPair,
  glimpse: Glimpse | undefined,
): Promise<StudyVerdict> {
  const { here, there } = pair;
  const conflicts = await identityItems(comparison, pair);
  if (here === undefined || there === undefined)
    return verdictOf(pair, [...absent(comparison, pair), ...conflicts], 0);
  const items = [...conflicts, ...studyAttributes(comparison, pair)];
  if (!hasSeries(comparison.depth)) return verdictOf(pair, items, toldByBoth(comparison, pair, items));
  const seen = glimpse && glanceVerdict(comparison, pair, glimpse);
  const isEqual = seen !== undefined && seen.items.length === 0 && seen.doubtful.length === 0;
  const content = isEqual ? seen : await lookClosely(comparison, pair);
  const { items: below, common } = 'uid' in content ? { items: content.items, common: 0 } : content;
  noteUntold(comparison, content);
  const wanted = [...items, ...below].filter((item) => isWanted(item, comparison));
  const instances = hasInstances(comparison.depth) ? common : toldByBoth(comparison, pair, wanted);
  return { ...verdictOf(pair, wanted, instances), seen: 'seen' in content ? content.seen : undefined };
}

/**
 * Where no images are compared: as many as both sides count, which are not seen to be the same. Presence is all that these
 * levels promise, so that two numbers are a remark and no difference.
 */
function toldByBoth({ note }: Comparison, { here, there }: StudyPair, items: readonly Item[]): number {
  const [ours, theirs] = [here?.instances, there?.instances];
  if (ours === undefined || theirs === undefined) return 0;
  if (ours !== theirs && items.length === 0) note(countDiffers);
  return Math.min(ours, theirs);
}

const countDiffers = {
  code: 'COUNT_DIFFERS',
  message: 'studies have another number of images on the other side: --level Instance tells which',
};

/** Undefined where what was seen cannot be compared by UIDs, and does not show either that both have the same. */
function glanceVerdict(
  comparison: Comparison,
  pair: StudyPair,
  { here, there }: Glimpse,
): ContentVerdict | undefined {
  const isByUids = [here, there].every(({ series }) =>
    [...series.values()].every(({ instanceIds }) => instanceIds === undefined),
  );
  const request = requestFor(comparison, pair);
  if (isByUids) return compareContents({ ...request, here, there });
  if (!haveSameInstances(pair, { here, there })) return undefined;
  const common = [...here.series.values()].reduce(
    (sum, { instanceIds }) => sum + (instanceIds?.size ?? 0),
    0,
  );
  // The instances are known to be the same: what is left are attributes of series.
  const depth = { ...comparison.depth, level: 'Series' } as const;
  return { ...compareContents({ ...request, depth, here, there }), common };
}

const requestFor = ({ depth, there }: Comparison, pair: StudyPair) => ({
  depth,
  tellsAll: there.tellsAll,
  study: { studyInstanceUid: pair.uid, studyDate: aboutOf(pair).studyDate },
});

function absent(comparison: Comparison, pair: StudyPair): Item[] {
  const known = pair.here ?? pair.there;
  if (known === undefined) return [gone(pair)];
  const state = pair.here === undefined ? 'onlyThere' : 'onlyInOrthanc';
  const item: Item = { ...aboutOf(pair), state, instances: known.instances };
  return isWanted(item, comparison) ? [item] : [];
}

/** What was deleted on both sides meanwhile is missing on neither, and yet nobody has compared it. */
const gone = (pair: StudyPair): Item => ({
  ...aboutOf(pair),
  state: 'unknown',
  code: 'GONE',
  message: 'Neither side has it any more.',
  orthancId: undefined,
});

interface CloseLook extends ContentVerdict {
  readonly seen: Glimpse;
}

/** Both are asked for this study alone. A side that no longer has it says so itself. */
async function lookClosely(comparison: Comparison, pair: StudyPair): Promise<CloseLook | StudyVerdict> {
  const { here: ours, there: theirs } = comparison;
  const here = await ours.contentOf(pair.uid, nothing);
  const there = await theirs.contentOf(pair.uid, here);
  if (here.series.size === 0 || there.series.size === 0)
    return await judgeEmpty(comparison, pair, { here, there });
  const verdict = compareContents({ ...requestFor(comparison, pair), here, there });
  const changed: Item[] = [];
  for (const files of verdict.doubtful) changed.push(...(await contentItems(comparison, files)));
  const items = [...verdict.items, ...changed, ...untoldSeries(pair, there)];
  return { ...verdict, items, seen: { here, there } };
}

/** A file that cannot be read is unknown; all others of the study are compared. */
async function contentItems(
  { haveSameContent }: Comparison,
  { item, hereId, thereId }: DoubtfulFiles,
): Promise<Item[]> {
  try {
    return (await haveSameContent(hereId, thereId)) ? [] : [item];
  } catch (error) {
    const failure = itemFailure(error);
    if (failure === undefined) throw error;
    return [{ ...item, state: 'unknown', code: failure.code, message: failure.message }];
  }
}

/** Series that the other side may hold and does not tell; none where those that it tells have all images that it counts. */
function untoldSeries(pair: StudyPair, { series, mayBeCut }: SideContent): Item[] {
  const counted = [...series.values()].reduce((sum, { told }) => sum + (told ?? NaN), 0);
  if (!mayBeCut || counted === pair.there?.instances) return [];
  const message = 'The other side may have more series than it tells, as it may cut its answers.';
  return [{ ...aboutOf(pair), state: 'unknown', code: 'MAY_BE_CUT', message }];
}

/** A study without series is none: either it has gone meanwhile, or the side contradicts itself. */
async function judgeEmpty(comparison: Comparison, pair: StudyPair, seen: Glimpse): Promise<StudyVerdict> {
  let left = pair;
  for (const at of ['here', 'there'] as const) {
    if (seen[at].series.size > 0) continue;
    const side = comparison[at];
    if ((await side.studiesByUid([pair.uid])).has(pair.uid)) {
      const message = `${side.name} tells of the study, and of none of its series.`;
      return unknownVerdict(pair, { code: 'CONTRADICTORY_ANSWER', message });
    }
    left = { ...left, [at]: undefined };
  }
  if (left.here === undefined && left.there === undefined) return verdictOf(pair, [gone(pair)], 0);
  return verdictOf(left, absent(comparison, left), 0);
}

function studyAttributes({ depth, note, there: { tellsAll } }: Comparison, pair: StudyPair): Item[] {
  const { study: keywords } = depth.attributes;
  const { differences, untold } = compareAttributes(keywords, {
    here: pair.here?.tags ?? {},
    there: pair.there?.tags ?? {},
    tellsAll,
  });
  for (const keyword of untold) note(untoldNote(keyword));
  return differences.length === 0
    ? []
    : [{ ...aboutOf(pair), state: 'differs', code: 'ATTRIBUTES_DIFFER', attributes: differences }];
}

const untoldNote = (keyword: string) => ({
  code: 'ATTRIBUTE_NOT_TOLD',
  message: `${keyword} is not told by the other side, and so not compared`,
});

function noteUntold({ note }: Comparison, content: ContentVerdict | StudyVerdict): void {
  if ('untold' in content) for (const [keyword, times] of content.untold) note(untoldNote(keyword), times);
}

/** One UID for several patients, and what the two sides say of the patient that contradicts. */
async function identityItems(comparison: Comparison, pair: StudyPair): Promise<Item[]> {
  const { here, there } = pair;
  const messages = [
    ...(here?.otherPatients === undefined ? [] : ['Orthanc has it for several patients.']),
    ...(there?.otherPatients === undefined ? [] : ['The other side has it for several patients.']),
    ...(await contradictionMessages(comparison, pair)),
  ];
  if (messages.length === 0) return [];
  return [{ ...aboutOf(pair), state: 'differs', code: identityConflict, message: messages.join(' ') }];
}

/** Of a study on both sides what they say of it; of one that is alone what the other side says of the patient. */
async function contradictionMessages(comparison: Comparison, pair: StudyPair): Promise<string[]> {
  const { here, there } = pair;
  const known = here ?? there;
  if (known === undefined) return [];
  const said =
    here !== undefined && there !== undefined
      ? [there.tags]
      : await saidOf(patientIdIn(known.tags), comparison, pair);
  const { tellsAll } = comparison.there;
  const found = new Set(said.flatMap((tags) => contradictions({ here: known.tags, there: tags, tellsAll })));
  if (found.has('PatientID')) return ['The other side has it under another PatientID.'];
  const other = [...found].join(' and another ');
  return found.size === 0 ? [] : [`The other side has the same PatientID with another ${other}.`];
}

/** What is said of the patient is a question beside the matter: a study that is missing is so without it. */
async function saidOf(
  patientId: string,
  comparison: Comparison,
  { here }: StudyPair,
): Promise<readonly Tags[]> {
  if (patientId === '') return [];
  const other = here === undefined ? comparison.here : comparison.there;
  try {
    return await other.patient(patientId);
  } catch (error) {
    if (itemFailure(error) === undefined) throw error;
    comparison.note(patientNotAsked);
    return [];
  }
}

const patientNotAsked = {
  code: 'PATIENT_NOT_ASKED',
  message: 'studies are on one side only, and the other could not be asked what it says of their patients',
};
