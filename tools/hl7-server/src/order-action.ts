import { hl7Failure } from '@orthanc-tools/hl7-messages';
import { firstText, parseFieldPath } from './field-path.ts';
import type { OrderGroup } from './order-groups.ts';

/** What is to become of the worklists of an order. */
export type OrderAction =
  /** They are as the message says. */
  | 'schedule'
  /** What is known of the order counts; it is scheduled only when it is not known yet. */
  | 'report'
  | 'remove'
  | 'hold'
  | 'release'
  | 'none';

export interface ActionSettings {
  readonly onCompleted: 'delete' | 'keep';
  readonly onInProgress: 'delete' | 'keep';
  readonly onHold: 'keep' | 'hide';
  readonly withoutControl: 'schedule' | 'refuse';
}

const control = [parseFieldPath('ORC-1.1')];
const status = [parseFieldPath('ORC-5.1')];

const scheduling = new Set(['NW', 'SN', 'XO', 'XX', 'XR', 'RP', 'RO', 'RU', 'PA', 'CH']);
const removing = new Set(['CA', 'OC', 'DC', 'OD', 'CR', 'DR']);
// HL7 table 0119; what has no effect on a worklist.
const without = new Set(
  'AF,CN,DE,DF,FU,HR,KN,LI,MC,NA,NR,OE,OF,OH,OK,OR,PR,RE,RF,RQ,RR,SS,UA,UC,UD,UF,UH,UM,UN,UR,UX,PY'.split(
    ',',
  ),
);

function byStatus(orderStatus: string, settings: ActionSettings): OrderAction {
  if (orderStatus === 'CM') return settings.onCompleted === 'delete' ? 'remove' : 'none';
  if (orderStatus === 'CA' || orderStatus === 'DC') return 'remove';
  if (orderStatus === 'IP' && settings.onInProgress === 'delete') return 'remove';
  if (orderStatus === 'HD') return settings.onHold === 'hide' ? 'hold' : 'none';
  return 'report';
}

/**
 * ORC-1, with ORC-5 where it matters.
 * @throws `HL7_TABLE_VALUE` for a code that is none, `HL7_REQUIRED_FIELD_MISSING` for none at all, where that is refused
 */
export function actionOf(group: OrderGroup, settings: ActionSettings): OrderAction {
  const code = firstText(group.segments, control).toUpperCase();
  const orderStatus = firstText(group.segments, status).toUpperCase();
  if (code === '') {
    if (group.hasRequest && settings.withoutControl === 'schedule') return 'schedule';
    throw hl7Failure('requiredFieldMissing', 'The order has no order control code.', {
      segment: 'ORC',
      field: 1,
    });
  }
  if (code === 'XO' && orderStatus === 'CM') return byStatus(orderStatus, settings);
  if (scheduling.has(code)) return 'schedule';
  if (removing.has(code)) return 'remove';
  if (code === 'SC') return byStatus(orderStatus, settings);
  if (code === 'HD') return settings.onHold === 'hide' ? 'hold' : 'none';
  if (code === 'RL') return settings.onHold === 'hide' ? 'release' : 'none';
  if (without.has(code)) return 'none';
  throw hl7Failure('tableValue', 'The order control code is unknown.', { segment: 'ORC', field: 1 });
}

/** Scheduled Procedure Step Status for an order that stays. */
export function stepStatus(group: OrderGroup): 'SCHEDULED' | 'STARTED' {
  const isStatusChange = firstText(group.segments, control).toUpperCase() === 'SC';
  return isStatusChange && firstText(group.segments, status).toUpperCase() === 'IP' ? 'STARTED' : 'SCHEDULED';
}
