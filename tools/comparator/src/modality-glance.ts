import { asFailure } from '@orthanc-tools/failures';
import type { FoundTags } from '@orthanc-tools/orthanc-client';
import type { KnownCap } from '@orthanc-tools/study-search';
import { type Depth, hasInstances, hasSeries, instanceKeys, seriesKeys } from './depth.ts';
import { type Find, emptyKeys } from './modality-question.ts';
import type { RelationalTrust } from './relational-trust.ts';
import type { Side, SideInstance, SideSeries, SideStudy } from './side.ts';
import { uidIn } from './uid-in.ts';

interface Glancing {
  readonly depth: Depth;
  /** Without patience: many refuse such questions. */
  readonly findOnce: Find;
  readonly trust: RelationalTrust;
  /** Of answers below study level. */
  readonly below: KnownCap;
}

/** Undefined where the modality does not answer questions for several studies, or is not to be asked any. */
export async function glanceAt(
  { trust, below, ...request }: Glancing,
  studies: readonly SideStudy[],
): ReturnType<Side['glance']> {
  if (!hasSeries(request.depth) || !trust.mayAsk()) return undefined;
  const answers = await askRelationally(request, studies);
  const contents = answers && contentsIn(answers, studies);
  trust.learn(studies, contents);
  if (answers === undefined || contents === undefined) return undefined;
  const mayBeCut = below.mayBeCut(answers.length);
  below.notice(answers.length);
  return mayBeCut ? wholeOnes(contents, studies, answers) : contents;
}

interface GrowingSeries extends SideSeries {
  readonly instances: Map<string, SideInstance>;
}

type Growing = Map<string, { series: Map<string, GrowingSeries>; mayBeCut: boolean }>;

/** Series or images of several studies by one question (relational query, DICOM PS3.4 C.4.1.2.2.2). */
async function askRelationally(
  { depth, findOnce }: Pick<Glancing, 'depth' | 'findOnce'>,
  studies: readonly SideStudy[],
): Promise<readonly FoundTags[] | undefined> {
  const level = hasInstances(depth) ? 'Instance' : 'Series';
  const keywords = ['SeriesInstanceUID', ...seriesKeys(depth)];
  const question = {
    ...emptyKeys(level === 'Series' ? keywords : [...keywords, 'SOPInstanceUID', ...instanceKeys(depth)]),
    StudyInstanceUID: studies.map(({ uid }) => uid).join('\\'),
  };
  return await findOnce(level, question).catch((error: unknown) => {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  });
}

function contentsIn(answers: readonly FoundTags[], studies: readonly SideStudy[]): Growing {
  const all: Growing = new Map(
    studies.map(({ uid }) => [uid, { series: new Map<string, GrowingSeries>(), mayBeCut: true }]),
  );
  for (const tags of answers) {
    const study = all.get(uidIn(tags, 'StudyInstanceUID'));
    const seriesUid = uidIn(tags, 'SeriesInstanceUID');
    if (study === undefined || seriesUid === '') continue;
    const series = study.series.get(seriesUid) ?? { tags, instances: new Map(), mayBeCut: true };
    study.series.set(seriesUid, series);
    const sopInstanceUid = uidIn(tags, 'SOPInstanceUID');
    if (sopInstanceUid !== '') series.instances.set(sopInstanceUid, { tags });
  }
  return all;
}

/** Of an answer that may have been cut, the studies that came whole: all images that are counted, or told before another. */
function wholeOnes(contents: Growing, studies: readonly SideStudy[], answers: readonly FoundTags[]): Growing {
  const uids = answers.map((tags) => uidIn(tags, 'StudyInstanceUID'));
  const inTurn = uids.filter((uid, at) => uid !== uids[at - 1]);
  const areInTurn = new Set(inTurn).size === inTurn.length;
  const passed = new Set(areInTurn ? inTurn.slice(0, -1) : []);
  const imagesOf = (uid: string): number =>
    [...(contents.get(uid)?.series.values() ?? [])].reduce((sum, { instances }) => sum + instances.size, 0);
  const isWhole = ({ uid, instances }: SideStudy) => passed.has(uid) || imagesOf(uid) === instances;
  const whole = new Set(studies.filter(isWhole).map(({ uid }) => uid));
  return new Map([...contents].filter(([uid]) => whole.has(uid)));
}
