import type { FoundTags } from '@orthanc-tools/orthanc-client';
import type { KnownCap } from '@orthanc-tools/study-search';
import type { Tags } from './attributes.ts';
import { type Depth, hasInstances, instanceKeys, seriesKeys } from './depth.ts';
import { type Find, emptyKeys } from './modality-question.ts';
import type { SideContent, SideInstance, SideSeries } from './side.ts';
import { uidIn } from './uid-in.ts';
import { uidQuestions } from './uid-questions.ts';

interface ContentRequest {
  readonly depth: Depth;
  readonly find: Find;
  readonly cap: KnownCap;
}

/** The series of a study, and the images of each: hierarchical questions, which every modality answers. */
export async function contentOf(
  request: ContentRequest,
  studyUid: string,
  known: SideContent,
): Promise<SideContent> {
  const { depth, find, cap } = request;
  const keys = emptyKeys(['SeriesInstanceUID', 'NumberOfSeriesRelatedInstances', ...seriesKeys(depth)]);
  const ask = (uids: readonly string[]) =>
    find('Series', { ...keys, StudyInstanceUID: studyUid, SeriesInstanceUID: uids.join('\\') });
  const answers = (await ask([])).filter((tags) => isOf(tags, 'StudyInstanceUID', studyUid));
  const mayBeCut = cap.mayBeCut(answers.length);
  cap.notice(answers.length);
  const heads = byKeyword(answers, 'SeriesInstanceUID');
  const hidden = await addKnown({ heads, known: known.series, keyword: 'SeriesInstanceUID', ask, cap });
  const series = new Map<string, SideSeries>();
  for (const [seriesUid, tags] of heads) {
    const ofKnown = known.series.get(seriesUid)?.instances ?? new Map();
    const one = await seriesOf(request, { studyUid, seriesUid, tags, known: ofKnown });
    series.set(seriesUid, one);
  }
  return { series, mayBeCut: mayBeCut || hidden > 0 };
}

interface SeriesQuestion {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly tags: FoundTags;
  readonly known: ReadonlyMap<string, SideInstance>;
}

async function seriesOf(request: ContentRequest, question: SeriesQuestion): Promise<SideSeries> {
  const { depth, find, cap } = request;
  const { studyUid, seriesUid, tags, known } = question;
  const number = Number(tags['NumberOfSeriesRelatedInstances'] ?? '');
  const told = Number.isInteger(number) && number > 0 ? number : undefined;
  if (!hasInstances(depth)) return { tags, told, instances: new Map() };
  const keys = emptyKeys(instanceKeys(depth));
  const parents = { StudyInstanceUID: studyUid, SeriesInstanceUID: seriesUid };
  const ask = (uids: readonly string[]) =>
    find('Instance', { ...keys, ...parents, SOPInstanceUID: uids.join('\\') });
  const answers = (await ask([])).filter((image) => isOf(image, 'SeriesInstanceUID', seriesUid));
  const images = byKeyword(answers, 'SOPInstanceUID');
  // A number that is told decides; without it, only a number of answers that looks like a limit gives rise to doubt.
  const mayBeCut = told === undefined ? cap.mayBeCut(answers.length) : told > images.size;
  cap.notice(answers.length);
  // Who names as many as it counts has named all.
  const hidden =
    told === answers.length
      ? 0
      : await addKnown({ heads: images, known, keyword: 'SOPInstanceUID', ask, cap });
  const instances = new Map([...images].map(([uid, image]) => [uid, { tags: image }]));
  return { tags, told, instances, mayBeCut: mayBeCut || hidden > 0 };
}

interface Addition {
  readonly heads: Map<string, FoundTags>;
  readonly known: ReadonlyMap<string, unknown>;
  readonly keyword: string;
  readonly cap: KnownCap;
  ask(uids: readonly string[]): Promise<readonly FoundTags[]>;
}

/** What the other side knows and this one did not tell is asked for by name. Gives how many of it are hidden. */
async function addKnown({ heads, known, keyword, ask, cap }: Addition): Promise<number> {
  const uids = [...known.keys()].filter((uid) => !heads.has(uid));
  if (uids.length === 0) return 0;
  const found = await uidQuestions(cap)(ask, { uids, keyword });
  for (const [uid, tags] of found) heads.set(uid, tags);
  if (found.size === 0) return 0;
  // What has come meanwhile was not hidden.
  const again = byKeyword(await ask([]), keyword);
  return [...found.keys()].filter((uid) => !again.has(uid)).length;
}

function byKeyword(answers: readonly FoundTags[], keyword: string): Map<string, FoundTags> {
  const found = new Map(answers.map((tags) => [uidIn(tags, keyword), tags]));
  found.delete('');
  return found;
}

/** An answer that names another parent than was asked for is none; one that names no parent is. */
const isOf = (tags: Tags, keyword: string, uid: string): boolean => [uid, ''].includes(uidIn(tags, keyword));
