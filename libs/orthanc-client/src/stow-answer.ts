import { type JsonRecord, record } from './json-fields.ts';

/** What a STOW-RS answer says. It cannot tell "stored now" from "was there already". */
export interface StowReceipt {
  /** How many instances the server says it holds. Files that are not DICOM are counted nowhere. */
  readonly referenced: number;
  readonly failed: readonly { readonly sopInstanceUid: string; readonly reason: number | undefined }[];
}

const referencedSopSequence = '00081199';
const failedSopSequence = '00081198';
const referencedSopInstanceUid = '00081155';
const failureReason = '00081197';

function valuesIn(fields: JsonRecord, tag: string): readonly unknown[] {
  if (fields[tag] === undefined) return [];
  const values = record(fields[tag], `element ${tag}`)['Value'];
  return Array.isArray(values) ? values : [];
}

function parseFailed(value: unknown): StowReceipt['failed'][number] {
  const fields = record(value, 'an instance of a STOW-RS answer');
  const [uid] = valuesIn(fields, referencedSopInstanceUid);
  const [reason] = valuesIn(fields, failureReason);
  return {
    sopInstanceUid: typeof uid === 'string' ? uid : '',
    reason: typeof reason === 'number' ? reason : undefined,
  };
}

export function parseStowReceipt(value: unknown): StowReceipt {
  const fields = record(value, 'the answer to STOW-RS');
  return {
    referenced: valuesIn(fields, referencedSopSequence).length,
    failed: valuesIn(fields, failedSopSequence).map(parseFailed),
  };
}
