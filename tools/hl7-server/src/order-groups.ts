import { type Hl7Message, type Segment, hl7Failure } from '@orthanc-tools/hl7-messages';
import { type SegmentsOf, textAt } from './field-path.ts';

/** One scheduled step of a message: the segments that speak of it, with those that speak of the whole message. */
export interface OrderGroup {
  readonly segments: SegmentsOf;
  readonly hasOrder: boolean;
  readonly hasRequest: boolean;
}

const ofOrder = new Set(['ORC', 'TQ1', 'OBR', 'NTE', 'OBX', 'IPC', 'ZDS', 'DG1', 'CTI', 'BLG', 'TQ2']);

type Lists = Map<string, Segment[]>;

function add(lists: Lists, segment: Segment): void {
  lists.set(segment.name, [...(lists.get(segment.name) ?? []), segment]);
}

/** Each ORC begins a group, and each further OBR within it one of its own. */
function groupsIn(segments: readonly Segment[]): { readonly shared: Lists; readonly groups: Lists[] } {
  const shared: Lists = new Map();
  const groups: Lists[] = [];
  for (const segment of segments) {
    const { name } = segment;
    const current = groups.at(-1);
    const begins = name === 'ORC' || (name === 'OBR' && (current === undefined || current.has('OBR')));
    if (begins) {
      const order = name === 'OBR' ? current?.get('ORC') : undefined;
      groups.push(new Map([...(order === undefined ? [] : [['ORC', order] as const]), [name, [segment]]]));
    } else if (current !== undefined && ofOrder.has(name)) add(current, segment);
    else add(shared, segment);
  }
  return { shared, groups };
}

const patientIdsIn = (patient: Segment | undefined): readonly string[] =>
  [3, 2, 4].flatMap((field) => patient?.field(field) ?? []).map((one) => textAt(one));

/** Order control of results that are only told beside an order: PR, RE, or none. */
const isOfPriorOrder = (order: Segment): boolean =>
  ['', 'PR', 'RE'].includes(textAt(order.field(1)[0]).toUpperCase());

/**
 * OMG^O19 may tell after each order what was found before: the same patient again (PATIENT_PRIOR), then orders of then (ORDER_PRIOR). They are left
 * out up to the next ORC that is not the first after that patient, and orders something.
 */
function withoutPriorOrders(segments: readonly Segment[]): Segment[] {
  const kept: Segment[] = [];
  const known = patientIdsIn(segments.find(({ name }) => name === 'PID')).filter((id) => id !== '');
  let hasOrder = false;
  let prior: 'none' | 'patient' | 'order' = 'none';
  for (const segment of segments) {
    const { name } = segment;
    const begins = name === 'ORC' || name === 'OBR';
    if (name === 'PID' && hasOrder && patientIdsIn(segment).some((id) => known.includes(id)))
      prior = 'patient';
    else if (begins && prior === 'patient') {
      // Of now, or of then? An order that nobody enters must not be acknowledged.
      if (name === 'ORC' && !isOfPriorOrder(segment)) refuseRepeatedPatient();
      prior = 'order';
    } else if (name === 'ORC' && prior === 'order' && !isOfPriorOrder(segment)) prior = 'none';
    hasOrder ||= begins;
    if (prior === 'none') kept.push(segment);
  }
  return kept;
}

function refuseRepeatedPatient(): never {
  throw hl7Failure('segmentSequence', 'The patient is told again before an order: it may be a prior one.', {
    segment: 'PID',
    sequence: 2,
  });
}

function refuseSeveralPatients(segments: readonly Segment[]): void {
  if (segments.filter(({ name }) => name === 'PID').length > 1)
    throw hl7Failure('segmentSequence', 'The message holds several patients.', {
      segment: 'PID',
      sequence: 2,
    });
}

/** Several IPC segments of one OBR are several steps of it. */
function stepsOf(group: Lists): Lists[] {
  const procedures = group.get('IPC') ?? [];
  return procedures.length < 2 ? [group] : procedures.map((one) => new Map([...group, ['IPC', [one]]]));
}

/**
 * Takes a message apart into the steps that it orders; a study UID (ZDS) that stands once belongs to all.
 * @throws `HL7_SEGMENT_SEQUENCE` for several patients, and for an order behind a patient told again: whose it is, or
 * whether it is one of now, could only be guessed
 */
export function orderGroups({ segments, type }: Hl7Message): OrderGroup[] {
  const ofNow = `${type.code}^${type.event}` === 'OMG^O19' ? withoutPriorOrders(segments) : segments;
  refuseSeveralPatients(ofNow);
  const { shared, groups } = groupsIn(ofNow);
  const studies = groups.flatMap((group) => group.get('ZDS') ?? []);
  const common = studies.length === 1 ? studies : [];
  return groups.flatMap(stepsOf).map((group) => ({
    hasOrder: group.has('ORC'),
    hasRequest: group.has('OBR'),
    segments: (name) =>
      group.get(name) ?? (name === 'ZDS' && common.length > 0 ? common : (shared.get(name) ?? [])),
  }));
}
