import type { Hl7Message, Segment } from '@orthanc-tools/hl7-messages';
import type { SegmentsOf } from './field-path.ts';

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

/** Several IPC segments of one OBR are several steps of it. */
function stepsOf(group: Lists): Lists[] {
  const procedures = group.get('IPC') ?? [];
  return procedures.length < 2 ? [group] : procedures.map((one) => new Map([...group, ['IPC', [one]]]));
}

/** Takes a message apart into the steps that it orders; a study UID (ZDS) that stands once belongs to all. */
export function orderGroups({ segments }: Hl7Message): OrderGroup[] {
  const { shared, groups } = groupsIn(segments);
  const studies = groups.flatMap((group) => group.get('ZDS') ?? []);
  const common = studies.length === 1 ? studies : [];
  return groups.flatMap(stepsOf).map((group) => ({
    hasOrder: group.has('ORC'),
    hasRequest: group.has('OBR'),
    segments: (name) =>
      group.get(name) ?? (name === 'ZDS' && common.length > 0 ? common : (shared.get(name) ?? [])),
  }));
}
