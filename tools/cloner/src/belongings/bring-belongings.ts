import { type Failure, transientFailure, sideBySide } from '@orthanc-tools/failures';
import { type ResourceBelongings, type StudyHead, blame } from '@orthanc-tools/orthanc-client';
import type { Lanes } from '../lanes.ts';
import { headless } from '../look-at-studies.ts';
import type { Exception } from '../study-outcome.ts';
import type { StudyView } from '../study-view.ts';
import { type Belonging, isSame, listBelongings } from './belonging.ts';
import type { BelongingsWork } from './belongings-work.ts';
import { carryBelonging, removeBelonging } from './carry-belonging.ts';
import { type BelongingsPlan, planBelongings } from './plan-belongings.ts';

/** What became of the belongings of one study, counted one by one. */
export interface BelongingsOutcome {
  readonly brought: number;
  readonly removed: number;
  /** Equal on both sides, by the destination's own word after all was brought. */
  readonly proved: number;
  readonly exceptions: readonly Exception[];
  /** Keys of what is neither proved nor given up. */
  readonly pending: readonly string[];
  /** Why they must be looked at again. */
  readonly unfinished: Failure | undefined;
}

/** Between which servers belongings travel, and how. */
export interface BelongingsRoute {
  readonly lanes: Pick<Lanes, 'source' | 'destination' | 'outages'>;
  readonly work: BelongingsWork;
}

/** A study, and what the source says belongs to it. */
export interface BelongingStudy {
  readonly view: StudyView;
  readonly told: readonly ResourceBelongings[];
}

/** The same after its images were judged. */
export interface ArrivedStudy extends BelongingStudy {
  /** Some image of it was proved at the destination. */
  readonly isProved: boolean;
}

interface Means extends BelongingsRoute {
  readonly signal: AbortSignal;
}

type Belongings = ReadonlyMap<string, Belonging>;

/** A study whose belongings are to be equal on both sides. */
interface Errand {
  readonly head: StudyHead;
  readonly isProved: boolean;
  readonly patientIds: readonly string[];
  readonly here: Belongings;
  readonly remembered: ReadonlyMap<string, string>;
}

const atOnce = 4;

/** What the source says belongs to the studies, by study. */
export async function askForBelongings(
  views: readonly StudyView[],
  { lanes, work, signal }: Means,
): Promise<Map<string, readonly ResourceBelongings[]>> {
  const heads = views.map(({ studyId, head }) => head ?? headless(studyId));
  const withInstances = !work.isToldWithInstances;
  const told = await lanes.source.belongings.ofStudies(heads, { withInstances, signal });
  return new Map(
    views.map(({ studyId, here }) => {
      const ofInstances = here.flatMap(({ id, belongings }): ResourceBelongings[] =>
        belongings === undefined ? [] : [{ level: 'Instance', id, ...belongings }],
      );
      return [studyId, [...(told.get(studyId) ?? []), ...ofInstances]];
    }),
  );
}

/**
 * Brings to the destination what belongs to studies whose instances are there, and proves it by asking what the
 * destination has then. Nothing is asked there about a study to which nothing belongs.
 */
export async function bringBelongings(
  studies: readonly ArrivedStudy[],
  means: Means,
): Promise<Map<string, BelongingsOutcome>> {
  const errands = studies.flatMap((study) => errandOf(study, means.work));
  const outcomes = new Map<string, BelongingsOutcome>();
  if (errands.length === 0) return outcomes;
  const there = await lookThere(errands, means);
  const done = new Map<Errand, Done>();
  for (const errand of errands) done.set(errand, await act(errand, there.get(errand.head.id), means));
  const touched = new Set(errands.filter((errand) => (done.get(errand)?.touched ?? 0) > 0));
  const after = await lookThere([...touched], means);
  for (const errand of errands) {
    const { id } = errand.head;
    const held = (touched.has(errand) ? after : there).get(id);
    outcomes.set(id, conclude(errand, done.get(errand), held, means.work));
  }
  return outcomes;
}

function errandOf({ view, told, isProved }: ArrivedStudy, work: BelongingsWork): Errand[] {
  const here = listBelongings(told, work);
  const { removes } = work.rules;
  if (here.size === 0 && !removes) return [];
  const hasAny = (patientId: string) => [...here.values()].some(({ resource }) => resource.id === patientId);
  const patientIds = told.flatMap(({ level, id }) =>
    level === 'Patient' && (removes || hasAny(id)) ? [id] : [],
  );
  const remembered = work.memory.read(view.studyId, patientIds);
  if (here.size === 0 && remembered.size === 0) return [];
  return [{ head: view.head ?? headless(view.studyId), isProved, patientIds, here, remembered }];
}

/** What the destination has, under the names that the source gives it; and which resources it holds. */
interface Held {
  readonly belongings: Belongings;
  readonly resources: ReadonlySet<string>;
}

async function lookThere(
  errands: readonly Errand[],
  { lanes, work, signal }: Means,
): Promise<Map<string, Held>> {
  const isOfInstance = (key: string) => key.startsWith('instances/');
  const concernsInstances = ({ here, remembered }: Errand) =>
    [...here.keys(), ...remembered.keys()].some(isOfInstance);
  const { true: deep = [], false: shallow = [] } = Object.groupBy(errands, (errand) =>
    concernsInstances(errand) ? 'true' : 'false',
  );
  const ask = (asked: readonly Errand[], withInstances: boolean) =>
    lanes.destination.belongings.ofStudies(
      asked.map(({ head }) => head),
      { withInstances, signal },
    );
  const told = await Promise.all([ask(deep, true), ask(shallow, false)]);
  return new Map(
    told
      .flatMap((one) => [...one])
      .map(([studyId, resources]) => {
        const renumbered = resources.map((resource) => ({
          ...resource,
          metadata: new Map(
            [...resource.metadata].map(([number, value]) => [work.numbers.toSource(number), value]),
          ),
        }));
        const belongings = listBelongings(renumbered, work);
        return [studyId, { belongings, resources: new Set(resources.map(({ id }) => id)) }];
      }),
  );
}

/** What was done for a study, and what went wrong, by the keys of belongings. */
interface Done {
  readonly touched: number;
  readonly removed: number;
  readonly plan: BelongingsPlan;
  readonly failures: ReadonlyMap<string, Failure>;
}

async function act(errand: Errand, held: Held | undefined, { lanes, work, signal }: Means): Promise<Done> {
  const { here, remembered } = errand;
  const plan = planBelongings({ here, there: held?.belongings ?? new Map(), remembered }, work.rules);
  const failures = new Map<string, Failure>();
  const since = performance.now();
  const between = { ...lanes, numbers: work.numbers };
  const attempt = async (belonging: Belonging, how: typeof carryBelonging | typeof removeBelonging) => {
    try {
      await how(belonging, between, signal);
    } catch (error) {
      const failure = await judgedFailure(error, lanes, since);
      failures.set(belonging.key, failure);
    }
  };
  // What is not there, an instance that was refused, can be given nothing; that it is missing is told already.
  const canBring = plan.bring.filter(
    ({ kind, name, resource }) =>
      held?.resources.has(resource.id) !== false &&
      !(kind === 'metadata' && work.numbers.isClash(Number(name))),
  );
  await sideBySide(canBring, atOnce, (belonging) => attempt(belonging, carryBelonging));
  await sideBySide(plan.remove, atOnce, (belonging) => attempt(belonging, removeBelonging));
  const touched = canBring.length + plan.remove.length;
  return { touched, removed: plan.remove.length, plan, failures };
}

/** What was refused of one thing says nothing of the others, as long as both servers answer. @throws what is of scope `run` */
const judgedFailure = (
  error: unknown,
  { source, destination, outages }: Means['lanes'],
  since: number,
): Promise<Failure> => blame(error, { servers: [source, destination], outages }, since);

function conclude(
  errand: Errand,
  done: Done | undefined,
  held: Held | undefined,
  work: BelongingsWork,
): BelongingsOutcome {
  const { here, head, patientIds, remembered, isProved } = errand;
  // Where no image could be placed, that is told already.
  if (isProved && held?.resources.has(head.id) !== true) return goneMeanwhile(errand);
  const exceptions: Exception[] = [];
  const pending: string[] = [];
  const equal = new Map<string, string>();
  let unfinished: Failure | undefined;
  const conflicts = new Set(done?.plan.conflicts.map(({ key }) => key));
  for (const wanted of here.values()) {
    const there = held?.belongings.get(wanted.key);
    if (there !== undefined && isSame(wanted, there)) {
      equal.set(there.key, there.digest);
      continue;
    }
    const failure = done?.failures.get(wanted.key);
    if (failure?.kind === 'transient' || failure?.kind === 'ambiguous') {
      unfinished ??= failure;
      pending.push(wanted.key);
    } else if (held?.resources.has(wanted.resource.id) === true)
      exceptions.push(exceptionOf(wanted, { failure, work, isConflict: conflicts.has(wanted.key) }));
  }
  // What is remembered tells what was ours, also once a conflict is gone.
  const kept = [...remembered].filter(([key]) => here.has(key) || held?.belongings.has(key));
  work.memory.write(head.id, patientIds, new Map([...kept, ...equal]));
  const brought = (done?.plan.bring ?? []).filter(({ key }) => equal.has(key)).length;
  const removed =
    (done?.removed ?? 0) - (done?.plan.remove ?? []).filter(({ key }) => held?.belongings.has(key)).length;
  return { brought, removed, proved: equal.size, exceptions, pending, unfinished };
}

/** Its images were seen there a moment ago: it is visited again, as a whole. */
const goneMeanwhile = ({ head, here }: Errand): BelongingsOutcome => ({
  brought: 0,
  removed: 0,
  proved: 0,
  exceptions: [],
  pending: [...here.keys()],
  unfinished: transientFailure(
    'GONE_FROM_DESTINATION',
    'The study was deleted at the destination while what belongs to it was brought.',
    { facts: { study: head.id } },
  ),
});

interface Circumstances {
  readonly failure: Failure | undefined;
  readonly work: BelongingsWork;
  readonly isConflict: boolean;
}

function exceptionOf(
  { key: part, kind, name }: Belonging,
  { failure, work, isConflict }: Circumstances,
): Exception {
  if (failure !== undefined) return { part, code: failure.code, message: failure.message };
  if (isConflict)
    return {
      part,
      code: 'BELONGING_CONFLICT',
      message: 'The users of the destination have set it differently.',
    };
  if (kind === 'metadata' && work.numbers.isClash(Number(name)))
    return {
      part,
      code: 'METADATA_NAME_CLASH',
      message: 'The destination has another name for metadata of this number.',
    };
  return {
    part,
    code: 'BELONGING_NOT_KEPT',
    message: 'The destination said that it took it, and does not have it.',
  };
}
