import { asFailure, permanentFailure } from '@orthanc-tools/failures';
import type { Failure } from '@orthanc-tools/failures';

/** HL7 table 0357, message error condition codes. */
export const conditions = {
  segmentSequence: 100,
  requiredFieldMissing: 101,
  dataType: 102,
  tableValue: 103,
  messageType: 200,
  eventCode: 201,
  processingId: 202,
  version: 203,
  unknownKey: 204,
  duplicateKey: 205,
  locked: 206,
  internal: 207,
} as const;

export type Condition = keyof typeof conditions;

const names: Readonly<Record<Condition, string>> = {
  segmentSequence: 'Segment sequence error',
  requiredFieldMissing: 'Required field missing',
  dataType: 'Data type error',
  tableValue: 'Table value not found',
  messageType: 'Unsupported message type',
  eventCode: 'Unsupported event code',
  processingId: 'Unsupported processing id',
  version: 'Unsupported version id',
  unknownKey: 'Unknown key identifier',
  duplicateKey: 'Duplicate key identifier',
  locked: 'Application record locked',
  internal: 'Application internal error',
};

export const conditionName = (condition: Condition): string => names[condition];

/** Where in a message something is wrong; what is left out is not known. */
export interface Location {
  readonly segment?: string;
  /** Which of the segments of that name, from 1. */
  readonly sequence?: number;
  readonly field?: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

/** A permanent failure with a code such as `HL7_REQUIRED_FIELD_MISSING`; the message holds no patient data, as it is logged and sent back. */
export function hl7Failure(condition: Condition, message: string, location: Location = {}): Failure {
  const code = `HL7_${condition.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return permanentFailure(code, message, { facts: { condition, ...location } });
}

/** What `hl7Failure` was given; undefined for any other error. */
export function conditionOf(
  error: unknown,
): { readonly condition: Condition; readonly location: Location } | undefined {
  const { condition, ...location } = asFailure(error)?.facts ?? {};
  if (typeof condition !== 'string' || !(condition in conditions)) return undefined;
  return { condition: condition as Condition, location };
}
