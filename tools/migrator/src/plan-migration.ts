import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import {
  type FoundStudy,
  type Span,
  knownCap,
  searchStudies,
  usualModalities,
} from '@orthanc-tools/study-search';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { type ToldPart, onceEach } from './once-each.ts';
import { type NotFound, countListed, isInSpans } from './count-listed.ts';
import { spansOf } from './enter-work.ts';
import { undatedAtOrthanc } from './find-undated.ts';
import { type OpenedRoute, openRoute } from './open-route.ts';
import type { MigratorOptions } from './options.ts';
import { patientlyWithin } from './patiently-within.ts';
import { checkWanted } from './run-migrator.ts';
import { findStudies } from './search-work.ts';

/** What a run would migrate, as far as the source tells it. */
interface Plan {
  studies: number;
  /** As far as they are told. */
  images: number;
  /** Studies whose images the source does not count. */
  uncountedStudies: number;
  studiesWithoutDate: number;
  /** Studies of the list that the source knows; those of the range are counted there. */
  listedStudies: number;
  /** Entries of the list of which the source knows no study. */
  notFoundEntries: number;
  /** Questions that the search took. */
  questions: number;
  /** Parts of the range, and entries of the list, that could not be asked for. */
  failedQuestions: number;
  /** Parts of the range of which the source may hold more than it tells. */
  cutQuestions: number;
}

/** Counts studies and images of the source; no ledger is opened, and nothing is fetched. */
export async function planMigration(options: MigratorOptions, run: RunContext): Promise<RunOutcome> {
  checkWanted(options);
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  const { maxRetries } = options;
  const opened = await patientlyWithin(maxRetries, () => openRoute(options, orthanc), run);
  if (opened === undefined) return { exitCode: exitCodes.interrupted, summary: {} };
  await using route = opened;
  const plan: Plan = {
    ...{ studies: 0, images: 0, uncountedStudies: 0, studiesWithoutDate: 0 },
    ...{ listedStudies: 0, notFoundEntries: 0, questions: 0, failedQuestions: 0, cutQuestions: 0 },
  };
  const newsIn = onceEach();
  const count = (told: ToldPart) => {
    for (const study of newsIn(told)) countStudy(study, plan);
    showPlan(plan, run);
  };
  const { spans, order } = spansOf(options);
  for (const span of spans) {
    if (span.dates === undefined && route.source === undefined)
      for await (const studies of undatedAtOrthanc(orthanc, run.signal)) count({ span, studies });
    else await countSpan(span, { order, orthanc, route, plan, run, maxRetries }, count);
  }
  const notFound: NotFound[] = [];
  if (options.studiesFile !== undefined)
    await countList(options.studiesFile, { spans, orthanc, route, plan, run, maxRetries, notFound });
  return { exitCode: exitCodeOf(plan, run), summary: { ...plan }, report: { notFound } };
}

function exitCodeOf(
  { failedQuestions, cutQuestions, notFoundEntries }: Plan,
  { signal }: RunContext,
): ExitCode {
  if (signal.aborted) return exitCodes.interrupted;
  return failedQuestions + cutQuestions + notFoundEntries > 0 ? exitCodes.setAside : exitCodes.done;
}

/** Beyond so many, the log and the number tell the rest. */
const longestList = 10_000;

interface CountingList extends Omit<Counting, 'order'> {
  readonly spans: readonly Span[];
  readonly notFound: NotFound[];
}

/** What the range tells is not counted again. */
async function countList(
  path: string,
  { spans, orthanc, route, plan, run, maxRetries, notFound }: CountingList,
): Promise<void> {
  const onQuestion = () => (plan.questions += 1);
  const asking = { orthanc, source: route.source, run, maxRetries, onQuestion };
  for await (const told of countListed(path, asking)) {
    if (told.is === 'study') {
      plan.listedStudies += 1;
      const { date, images: instances } = told.study;
      if (!isInSpans(date, spans)) countStudy({ date, instances }, plan);
    } else if (told.is === 'failed') {
      plan.failedQuestions += 1;
      run.log.warn('list.failed', { entry: told.entry });
    } else {
      plan.notFoundEntries += 1;
      if (notFound.length < longestList) notFound.push(told.what);
      run.log.warn('list.not_found', { ...told.what, code: 'STUDY_NOT_FOUND' });
    }
    showPlan(plan, run);
  }
}

const showPlan = ({ studies, images }: Plan, { progress }: RunContext): void =>
  progress.update({ doneItems: studies, doneParts: images, doneBytes: 0, setAside: 0 });

interface Counting {
  readonly order: ReturnType<typeof spansOf>['order'];
  readonly orthanc: Parameters<typeof findStudies>[0]['orthanc'];
  readonly route: OpenedRoute;
  readonly plan: Plan;
  readonly run: RunContext;
  readonly maxRetries: number;
}

async function countSpan(
  span: Span,
  { order, orthanc, route, plan, run, maxRetries }: Counting,
  count: (told: ToldPart) => void,
): Promise<void> {
  const { source } = route;
  const find = async (keys: Readonly<Record<string, string>>) => {
    plan.questions += 1;
    return (
      (await patientlyWithin(maxRetries, () => findStudies({ orthanc, source }, keys, run.signal), run)) ?? []
    );
  };
  const cap = source?.cap ?? knownCap(undefined);
  for await (const told of searchStudies({ find, span, order, cap, modalities: usualModalities })) {
    if (told.is === 'failed') plan.failedQuestions += 1;
    else count(told);
    if (told.is === 'cut') plan.cutQuestions += 1;
    if (run.signal.aborted) return;
  }
}

function countStudy({ date, instances }: Pick<FoundStudy, 'date' | 'instances'>, plan: Plan): void {
  plan.studies += 1;
  plan.images += instances ?? 0;
  if (instances === undefined) plan.uncountedStudies += 1;
  if (date === '') plan.studiesWithoutDate += 1;
}
