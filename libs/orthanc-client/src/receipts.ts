import { type Failure, permanentFailure } from '@orthanc-tools/failures';
import { identifier, list, record, text } from './json-fields.ts';

/** What `POST /instances` answers for one instance: an HTTP success is not yet "stored". */
export interface StoreReceipt {
  /** Absent where Orthanc did not say. */
  readonly id: string | undefined;
  /** `Success`, `AlreadyStored`, `FilteredOut`, `Failure`. */
  readonly status: string;
  /** Absent where nothing was stored. */
  readonly studyId: string | undefined;
}

function parseReceipt(value: unknown): StoreReceipt {
  const from = record(value, 'a receipt');
  const idIn = (field: string) => (from[field] ? identifier(from[field]) : undefined);
  return { id: idIn('ID'), status: text(from, 'Status'), studyId: idIn('ParentStudy') };
}

/** A DICOM file is answered by one receipt, a ZIP by a list of them. */
export function parseReceipts(value: unknown): StoreReceipt[] {
  return Array.isArray(value) ? list(value, 'the answer', parseReceipt) : [parseReceipt(value)];
}

/** Why a receipt does not say "stored"; undefined when it does. */
export function refusalIn({ status }: StoreReceipt): Failure | undefined {
  if (status === 'Success' || status === 'AlreadyStored') return undefined;
  if (status === 'FilteredOut')
    return permanentFailure(
      'INSTANCE_FILTERED',
      'The destination is configured to filter this instance out.',
    );
  const known = status === 'Failure' ? status : 'unknown status';
  return permanentFailure('INSTANCE_REFUSED', `The destination did not store the instance (${known}).`);
}
