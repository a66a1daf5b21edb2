import { type Attributes, uidFromHash } from '@orthanc-tools/dicom-files';
import { hl7Failure } from '@orthanc-tools/hl7-messages';
import { instantOf } from './date-time.ts';
import { keepSaid } from './keep-said.ts';
import type { KnownOrder, KnownStep, OrderBook, StepState } from './order-book.ts';
import type { MappedStep } from './order-attributes.ts';
import { identityParts, isSameOrder, patientLikeness, stepDigest } from './order-identity.ts';
import type { OrderIdentity } from './order-identity.ts';
import type { OrderPlan } from './plan-message.ts';
import { scheduledStep } from './scheduled-step.ts';
import { type WorklistChange, worklistName } from './worklist-output.ts';

export interface ApplyContext {
  readonly book: OrderBook;
  readonly nowMs: number;
  /** Of the message. */
  readonly terms: readonly string[];
  /** A message older than the one that was applied last to its order. */
  readonly onOlder: 'apply' | 'ignore';
}

/** What a message has done; counted. */
export type Effect = 'created' | 'updated' | 'deleted' | 'unchanged';

export interface Applied {
  readonly effects: readonly Effect[];
  readonly changes: readonly WorklistChange[];
  /** What a person may want to know; codes. */
  readonly warnings: readonly string[];
}

const nothing: Applied = { effects: ['unchanged'], changes: [], warnings: [] };

type Step = Readonly<Record<string, unknown>>;

const withStep = (attributes: Attributes, change: Step): Attributes => ({
  ...attributes,
  ScheduledProcedureStepSequence: [{ ...scheduledStep(attributes), ...change } as Attributes],
});

interface Meant {
  readonly order: KnownOrder;
  /** It was told before, or came from a better number than this message has. */
  readonly keepsAccession: boolean;
}

/** What a later message does not say stays as it was said before. */
function keepingSaid(mapped: MappedStep, before: KnownStep | undefined, { keepsAccession }: Meant) {
  const { attributes, start } = mapped;
  if (before === undefined) return { attributes, startsAt: instantOf(start) };
  const guessed = mapped.guessed.filter((keyword) => keyword !== 'AccessionNumber' || keepsAccession);
  const saying = { ...mapped, guessed };
  const step = keepSaid(scheduledStep(attributes), scheduledStep(before.attributes), saying);
  const keepsStart = guessed.includes('ScheduledProcedureStepStartDate');
  return {
    attributes: withStep(keepSaid(attributes, before.attributes, saying), step),
    startsAt: keepsStart ? before.startsAt : instantOf(start),
  };
}

/** What is open is wanted as before; whatever opens it wants it now. */
const orderedAt = (before: KnownStep | undefined, { nowMs }: ApplyContext): number =>
  before?.state === 'open' ? before.orderedAt : nowMs;

function changeOf(step: KnownStep, order: KnownOrder): WorklistChange {
  const { name, attributes, terms } = step;
  const worklist = step.state === 'open' ? { name, attributes, terms, studyUid: order.studyUid } : undefined;
  return { name, worklist };
}

function put(step: KnownStep, order: KnownOrder, { book }: ApplyContext): WorklistChange {
  book.put(step);
  return changeOf(step, order);
}

/** Where nobody tells an accession number it is the filler's number, and the placer's where there is none: it must not change with what a message leaves out. */
const keepsAccession = (told: OrderIdentity, known: OrderIdentity): boolean =>
  !told.hasOwnAccession &&
  (known.hasOwnAccession || (told.filler === undefined && known.filler !== undefined));

/** The identity with what was known before and is not said now. */
const completed = (told: OrderIdentity, known: OrderIdentity): OrderIdentity => ({
  ...told,
  placer: told.placer ?? known.placer,
  filler: told.filler ?? known.filler,
  ...(keepsAccession(told, known) && {
    accession: known.accession,
    hasOwnAccession: known.hasOwnAccession,
  }),
});

function refuseStudyOfAnother(studyUid: string, identity: OrderIdentity, { book }: ApplyContext): void {
  if (studyUid === '') return;
  const isOfAnother = book
    .openOfStudy(studyUid)
    .some((order) => patientLikeness(order.identity, identity) === 'different');
  if (isOfAnother)
    throw hl7Failure('duplicateKey', 'The Study Instance UID belongs to an order of another patient.', {
      segment: 'ZDS',
      field: 1,
    });
}

function newOrder(plan: OrderPlan, context: ApplyContext): KnownOrder {
  const { identity, messageTime } = plan;
  const studyUid = plan.studyUid ?? uidFromHash('orthanc-hl7-server', ...identityParts(identity));
  const order = { identity, studyUid, messageTime };
  return { ...order, id: context.book.add(order, context.nowMs) };
}

function nameFor(identity: OrderIdentity, stepId: string, { book }: ApplyContext): string {
  for (let salt = 0; ; salt += 1) {
    const name = worklistName(identity.accession, stepDigest(identity, stepId, salt));
    if (!book.isNameTaken(name)) return name;
  }
}

function scheduleStep(
  mapped: MappedStep,
  same: KnownStep | undefined,
  meant: Meant,
  context: ApplyContext,
): { effect: Effect; change: WorklistChange } {
  const { order } = meant;
  const { attributes, startsAt } = keepingSaid(mapped, same, meant);
  const keepsName = same !== undefined && !mapped.isNamed;
  const stepId = keepsName ? same.stepId : mapped.stepId;
  if (same !== undefined && same.stepId !== stepId) context.book.rename(same, stepId);
  const step: KnownStep = {
    orderId: order.id,
    stepId,
    isNamed: mapped.isNamed || same?.isNamed === true,
    name: same?.name ?? nameFor(order.identity, mapped.stepId, context),
    attributes: keepsName
      ? withStep(attributes, {
          ScheduledProcedureStepID: scheduledStep(same.attributes)['ScheduledProcedureStepID'],
        })
      : attributes,
    terms: context.terms,
    startsAt,
    writtenAt: context.nowMs,
    orderedAt: orderedAt(same, context),
    state: 'open',
  };
  return { effect: same?.state === 'open' ? 'updated' : 'created', change: put(step, order, context) };
}

function schedule(plan: OrderPlan, known: KnownOrder | undefined, context: ApplyContext): Applied {
  const warnings: string[] = [];
  refuseStudyOfAnother(plan.studyUid ?? known?.studyUid ?? '', plan.identity, context);
  const order =
    known === undefined
      ? newOrder(plan, context)
      : { ...known, identity: completed(plan.identity, known.identity), messageTime: plan.messageTime };
  if (known !== undefined) context.book.update(order, context.nowMs);
  if (plan.studyUid !== undefined && plan.studyUid !== order.studyUid) warnings.push('STUDY_UID_KEPT');
  const steps = known === undefined ? [] : context.book.steps(order.id);
  const before = new Map(steps.map((step) => [step.stepId, step]));
  const only = before.size === 1 && plan.steps.length === 1 ? [...before.values()][0] : undefined;
  const keeps = known !== undefined && keepsAccession(plan.identity, known.identity);
  const done = plan.steps.map((mapped) => {
    // The only step of an order is meant also where this message, or the earlier one, calls it by no name of its own.
    const isMeant = only !== undefined && !(mapped.isNamed && only.isNamed);
    const same = before.get(mapped.stepId) ?? (isMeant ? only : undefined);
    return scheduleStep(mapped, same, { order, keepsAccession: keeps }, context);
  });
  return { effects: done.map(({ effect }) => effect), changes: done.map(({ change }) => change), warnings };
}

/** The steps of an order that a message means which is no order by itself. */
function meantSteps(order: KnownOrder, wanted: string | undefined, { book }: ApplyContext) {
  const all = book.steps(order.id);
  if (wanted === undefined) return all;
  const named = all.filter(({ stepId }) => stepId === wanted);
  const open = all.filter(({ state }) => state !== 'closed');
  // A name that no step ever had means the only one there is, unless that has another name of its own.
  return named.length === 0 && open.length < 2 ? open.filter(({ isNamed }) => !isNamed) : named;
}

function setState(
  order: KnownOrder,
  state: StepState,
  wanted: string | undefined,
  context: ApplyContext,
): Applied {
  const meant = meantSteps(order, wanted, context);
  const since = (step: KnownStep) => (state === 'open' ? { orderedAt: orderedAt(step, context) } : {});
  const changes = meant
    .filter((step) => step.state !== 'closed' && step.state !== state)
    .map((step) => put({ ...step, ...since(step), state, writtenAt: context.nowMs }, order, context));
  // The journal may be wrong about a worklist that was out of sight for a while.
  const again =
    state === 'closed'
      ? meant.filter((step) => step.state === 'closed').map((step) => changeOf(step, order))
      : [];
  return {
    effects:
      changes.length > 0 ? changes.map(() => (state === 'open' ? 'created' : 'deleted')) : ['unchanged'],
    changes: [...changes, ...again],
    warnings: [],
  };
}

/** What a report of progress says: the status only. Without a worklist that could tell it, nothing. */
function report(plan: OrderPlan, order: KnownOrder, context: ApplyContext): Applied {
  const [mapped] = plan.steps;
  const status =
    mapped === undefined ? undefined : scheduledStep(mapped.attributes)['ScheduledProcedureStepStatus'];
  const open = meantSteps(order, plan.stepId, context).filter(({ state }) => state === 'open');
  const changed = open.filter(
    ({ attributes }) =>
      status !== undefined && scheduledStep(attributes)['ScheduledProcedureStepStatus'] !== status,
  );
  const changes = changed.map((step) =>
    put(
      { ...step, attributes: withStep(step.attributes, { ScheduledProcedureStepStatus: status }) },
      order,
      context,
    ),
  );
  return {
    effects: changes.length > 0 ? changes.map(() => 'updated') : ['unchanged'],
    changes,
    warnings: [],
  };
}

/** Without a patient in the message, several orders may be meant: that is for a person to decide. */
function theOrder(plan: OrderPlan, { book }: ApplyContext): KnownOrder | undefined {
  const same = book.candidates(plan.identity).filter((order) => isSameOrder(order.identity, plan.identity));
  if (same.length > 1 && plan.identity.patient === undefined) {
    const open = same.filter((order) => book.steps(order.id).some(({ state }) => state !== 'closed'));
    if (open.length > 1)
      throw hl7Failure('unknownKey', 'The order number belongs to orders of several patients.', {
        segment: 'ORC',
        field: 2,
      });
    return open[0];
  }
  return same[0];
}

function applyOne(plan: OrderPlan, context: ApplyContext): Applied {
  if (plan.action === 'none') return nothing;
  const known = theOrder(plan, context);
  const isOlder = known !== undefined && plan.messageTime !== '' && plan.messageTime < known.messageTime;
  if (isOlder && context.onOlder === 'ignore') return { ...nothing, warnings: ['MESSAGE_OLDER'] };
  if (plan.action === 'schedule' || (plan.action === 'release' && plan.steps.length > 0))
    return schedule(plan, known, context);
  if (known === undefined)
    return plan.action === 'report' && plan.steps.length > 0 ? schedule(plan, known, context) : nothing;
  if (plan.action === 'report') return report(plan, known, context);
  context.book.update({ ...known, messageTime: plan.messageTime || known.messageTime }, context.nowMs);
  if (plan.action === 'remove') return setState(known, 'closed', plan.stepId, context);
  return setState(known, plan.action === 'hold' ? 'hidden' : 'open', plan.stepId, context);
}

/**
 * Records what a message wants, within the transaction around it, and tells what that means for worklists.
 * @throws failures of `hl7Failure`
 */
export function applyPlans(plans: readonly OrderPlan[], context: ApplyContext): Applied {
  const done = plans.map((plan) => applyOne(plan, context));
  return {
    effects: done.flatMap(({ effects }) => effects),
    changes: done.flatMap(({ changes }) => changes),
    warnings: done.flatMap(({ warnings }) => warnings),
  };
}
