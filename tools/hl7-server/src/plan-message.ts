import type { Attributes } from '@orthanc-tools/dicom-files';
import { isValidUid } from '@orthanc-tools/dicom-files';
import { hl7Failure } from '@orthanc-tools/hl7-messages';
import type { Hl7Message } from '@orthanc-tools/hl7-messages';
import { readMoment } from './date-time.ts';
import { textsAt } from './field-path.ts';
import { type ActionSettings, type OrderAction, actionOf } from './order-action.ts';
import { type MappedStep, type MappingSettings, mapStep, namedStep, zoneFor } from './order-attributes.ts';
import { type OrderGroup, orderGroups } from './order-groups.ts';
import { type OrderIdentity, orderIdentity } from './order-identity.ts';
import { profileValues } from './profile-values.ts';
import type { Profile } from './profile.ts';
import { scheduledStep } from './scheduled-step.ts';

export interface PlanSettings extends ActionSettings, MappingSettings {}

/** What a message wants of one order. */
export interface OrderPlan {
  readonly action: OrderAction;
  readonly identity: OrderIdentity;
  /** A valid UID of the message's own, if it has one. */
  readonly studyUid: string | undefined;
  /** None where the message does not say enough, which only some actions allow. */
  readonly steps: readonly MappedStep[];
  /** The step of a removal, when the message names one. */
  readonly stepId: string | undefined;
  /** MSH-7, comparable as text; '' when it is not given. */
  readonly messageTime: string;
}

export interface PlanContext {
  readonly profile: Profile;
  readonly settings: PlanSettings;
  readonly now: Date;
}

const needsEverything = (action: OrderAction): boolean => action === 'schedule';
const usesSteps = (action: OrderAction): boolean => ['schedule', 'report', 'release'].includes(action);

const isNumberless = ({ accession, placer, filler }: OrderIdentity): boolean =>
  accession === '' && placer === undefined && filler === undefined;

function refuseIncomplete(group: OrderGroup, identity: OrderIdentity): void {
  if (group.segments('PID').length === 0)
    throw hl7Failure('segmentSequence', 'The order has no patient (PID).', { segment: 'PID' });
  if (identity.patient === undefined)
    throw hl7Failure('requiredFieldMissing', 'The patient has no identifier.', { segment: 'PID', field: 3 });
  if (!group.hasRequest)
    throw hl7Failure('segmentSequence', 'The order has no request (OBR).', { segment: 'OBR' });
  if (isNumberless(identity))
    throw hl7Failure('requiredFieldMissing', 'The order has no number.', { segment: 'ORC', field: 2 });
}

const isComplete = (group: OrderGroup, identity: OrderIdentity): boolean =>
  group.hasRequest && identity.patient !== undefined;

function planGroup(group: OrderGroup, message: Hl7Message, context: PlanContext): OrderPlan {
  const { profile, settings, now } = context;
  const { header } = message;
  const action = actionOf(group, settings);
  const identity = orderIdentity(message, group.segments, profile);
  if (needsEverything(action)) refuseIncomplete(group, identity);
  if (action === 'remove' && isNumberless(identity))
    throw hl7Failure('requiredFieldMissing', 'The order that is to end has no number.', {
      segment: 'ORC',
      field: 2,
    });
  const uid = textsAt(group.segments, profile.sources.get('StudyInstanceUID') ?? []).find(isValidUid);
  const values = profileValues(group.segments, profile);
  const mapping = { profile, values, settings, now, messageTime: header.field(7), identity };
  const steps = usesSteps(action) && isComplete(group, identity) ? [mapStep(group, mapping)] : [];
  // What would be too long for an order ends none: no reason to refuse.
  const naming =
    settings.longIdentifiers === 'reject' ? { ...settings, longIdentifiers: 'keep' as const } : settings;
  const told = namedStep(values, naming);
  const { date = '', time = '' } = readMoment(header.field(7), zoneFor(settings)) ?? {};
  return {
    action,
    identity,
    studyUid: uid,
    steps,
    stepId: told === '' ? undefined : told,
    messageTime: date + time,
  };
}

const keyOf = ({ action, identity }: OrderPlan): string =>
  JSON.stringify([action, identity.placer, identity.filler, identity.accession]);

function protocolCodes(attributes: Attributes): readonly Attributes[] {
  const step = scheduledStep(attributes);
  return (step['ScheduledProtocolCodeSequence'] as readonly Attributes[] | undefined) ?? [];
}

const tellsApart = [
  'Modality',
  'ScheduledStationAETitle',
  'ScheduledProcedureStepStartDate',
  'ScheduledProcedureStepStartTime',
] as const;

/** Where both say it, and not the same, and no name tells that they are one: two examinations, of which one would be lost. */
function refuseDifferent(one: MappedStep, other: MappedStep): void {
  if (one.isNamed || other.isNamed) return;
  const [here, there] = [scheduledStep(one.attributes), scheduledStep(other.attributes)];
  const isSaid = (keyword: string) => ![one, other].some(({ guessed }) => guessed.includes(keyword));
  if (
    tellsApart.some(
      (keyword) => isSaid(keyword) && JSON.stringify(here[keyword]) !== JSON.stringify(there[keyword]),
    )
  )
    throw hl7Failure(
      'requiredFieldMissing',
      'The requests of one order are different examinations, and nothing names them apart.',
      { segment: 'OBR', field: 20 },
    );
}

/** Several requests for one step are several protocols of it. */
function mergedSteps(steps: readonly MappedStep[]): MappedStep[] {
  const merged = new Map<string, MappedStep>();
  for (const step of steps) {
    const before = merged.get(step.stepId);
    if (before === undefined) {
      merged.set(step.stepId, step);
      continue;
    }
    refuseDifferent(before, step);
    const codes = new Map(
      [...protocolCodes(before.attributes), ...protocolCodes(step.attributes)].map((code) => [
        JSON.stringify(code),
        code,
      ]),
    );
    const said = scheduledStep(before.attributes);
    const sequence = [
      { ...said, ...(codes.size > 0 && { ScheduledProtocolCodeSequence: [...codes.values()] }) },
    ];
    merged.set(step.stepId, {
      ...before,
      attributes: { ...before.attributes, ScheduledProcedureStepSequence: sequence },
    });
  }
  return [...merged.values()];
}

/**
 * What a message that is an order wants, order by order; nothing is looked up and nothing happens.
 * @throws the failures of `hl7Failure`: all orders of a message are refused together
 */
export function planMessage(message: Hl7Message, context: PlanContext): OrderPlan[] {
  const groups = orderGroups(message);
  if (groups.length === 0)
    throw hl7Failure('segmentSequence', 'The message holds no order (ORC, OBR).', { segment: 'ORC' });
  const plans = new Map<string, OrderPlan>();
  for (const group of groups) {
    const plan = planGroup(group, message, context);
    const key = keyOf(plan);
    const before = plans.get(key);
    if (before === undefined || plan.action === 'remove')
      plans.set(before === undefined ? key : `${key}${String(plans.size)}`, plan);
    else plans.set(key, { ...before, steps: mergedSteps([...before.steps, ...plan.steps]) });
  }
  return [...plans.values()];
}
