import type { Attributes } from '@orthanc-tools/dicom-files';
import { type Hl7Message, hl7Failure } from '@orthanc-tools/hl7-messages';
import type { Applied, ApplyContext } from './apply-plan.ts';
import { identifierText } from './dicom-text.ts';
import { type SegmentsOf, textAt } from './field-path.ts';
import {
  type OrderIdentity,
  type PatientIdentity,
  patientIdentity,
  patientLikeness,
} from './order-identity.ts';
import { demographics } from './patient-attributes.ts';
import type { Profile } from './profile.ts';

/** What an ADT message says of a patient: what is true now, and under which identifier the patient was known. */
export interface PatientUpdate {
  readonly now: PatientIdentity;
  readonly before: Pick<PatientIdentity, 'id' | 'scope'>;
  readonly attributes: Attributes;
  readonly sender: string;
}

const merges = new Set(['A34', 'A36', 'A40', 'A47']);

/** Whether it is one of the messages that change patients (A08, A31: update; A40, A47 and older ones: merge, change of identifier). */
export const isPatientUpdate = ({ type }: Hl7Message): boolean =>
  type.code === 'ADT' && (['A08', 'A31'].includes(type.event) || merges.has(type.event));

function segmentsOf(message: Hl7Message): SegmentsOf {
  return (name) => message.segments.filter((segment) => segment.name === name);
}

/** @throws `HL7_REQUIRED_FIELD_MISSING`, `HL7_SEGMENT_SEQUENCE` */
export function planPatientUpdate(message: Hl7Message, profile: Profile): PatientUpdate {
  const segments = segmentsOf(message);
  const now = patientIdentity(segments, profile);
  if (now === undefined)
    throw hl7Failure('requiredFieldMissing', 'The patient has no identifier.', { segment: 'PID', field: 3 });
  const { header } = message;
  const isMerge = merges.has(message.type.event);
  const prior = segments('MRG')[0]?.field(1)[0];
  if (isMerge && textAt(prior) === '')
    throw hl7Failure('requiredFieldMissing', 'The message does not say who is merged.', {
      segment: 'MRG',
      field: 1,
    });
  return {
    now,
    before: isMerge ? { id: identifierText(textAt(prior)), scope: identifierText(textAt(prior, 4)) } : now,
    attributes: demographics(segments, profile),
    sender: `${header.field(3)}${header.separators.field}${header.field(4)}`,
  };
}

/** Two orders of one patient are told by their identifiers alone: names are what changes. */
function isMeant(known: OrderIdentity, { before, sender }: PatientUpdate): boolean {
  if (known.patient === undefined) return false;
  const told = { ...known, sender, patient: { ...known.patient, ...before } };
  const nameless = { ...known, patient: { ...known.patient, name: '' } };
  return patientLikeness(nameless, told) === 'same';
}

/** Rewrites the open worklists of the patient, in the transaction around it. */
export function applyPatientUpdate(update: PatientUpdate, { book, nowMs, terms }: ApplyContext): Applied {
  const orders = book.ofPatient(update.before.id).filter((order) => isMeant(order.identity, update));
  const changes = orders.flatMap((order) => {
    const changed = { ...order, identity: { ...order.identity, patient: update.now } };
    book.update(changed, nowMs);
    return book
      .steps(order.id)
      .filter(({ state }) => state !== 'closed')
      .map((step) => {
        const attributes = { ...step.attributes, ...update.attributes };
        const rewritten = { ...step, attributes, terms, writtenAt: nowMs };
        book.put(rewritten);
        const { name } = step;
        const worklist =
          step.state === 'open' ? { name, attributes, terms, studyUid: order.studyUid } : undefined;
        return { name, worklist };
      });
  });
  return {
    effects: changes.length > 0 ? changes.map(() => 'updated') : ['unchanged'],
    changes,
    warnings: [],
  };
}
