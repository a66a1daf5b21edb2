import type { Attributes } from '@orthanc-tools/dicom-files';
import { type Hl7Message, type Segment, hl7Failure } from '@orthanc-tools/hl7-messages';
import type { Applied, ApplyContext } from './apply-plan.ts';
import { identifierText } from './dicom-text.ts';
import { type SegmentsOf, textAt } from './field-path.ts';
import {
  type OrderIdentity,
  type PatientIdentity,
  patientIdentity,
  patientLikeness,
  preferredId,
} from './order-identity.ts';
import { saidDemographics } from './patient-attributes.ts';
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

const segmentsOf =
  (segments: readonly Segment[]): SegmentsOf =>
  (name) =>
    segments.filter((segment) => segment.name === name);

/** Each PID begins what is said of one patient; what stands before the first belongs to none. */
function patientsIn({ segments }: Hl7Message): Segment[][] {
  const patients: Segment[][] = [];
  for (const segment of segments)
    if (segment.name === 'PID') patients.push([segment]);
    else patients.at(-1)?.push(segment);
  return patients;
}

function priorOf(segments: SegmentsOf, profile: Profile): PatientUpdate['before'][] {
  return segments('MRG').map((segment) => {
    const prior = preferredId(segment.field(1), profile);
    if (prior === undefined)
      throw hl7Failure('requiredFieldMissing', 'The message does not say who is merged.', {
        segment: 'MRG',
        field: 1,
      });
    return { id: identifierText(textAt(prior)), scope: identifierText(textAt(prior, 4)) };
  });
}

function planPatient(given: readonly Segment[], message: Hl7Message, profile: Profile): PatientUpdate[] {
  const segments = segmentsOf(given);
  const now = patientIdentity(segments, profile);
  if (now === undefined)
    throw hl7Failure('requiredFieldMissing', 'The patient has no identifier.', { segment: 'PID', field: 3 });
  const { header } = message;
  const isMerge = merges.has(message.type.event);
  const before = isMerge ? priorOf(segments, profile) : [now];
  if (before.length === 0)
    throw hl7Failure('segmentSequence', 'The message does not say who is merged.', { segment: 'MRG' });
  const common = {
    now,
    attributes: saidDemographics(segments, profile),
    sender: `${header.field(3)}${header.separators.field}${header.field(4)}`,
  };
  return before.map((one) => ({ ...common, before: one }));
}

/**
 * One update for each patient of the message, and for each who is merged.
 * @throws `HL7_REQUIRED_FIELD_MISSING`, `HL7_SEGMENT_SEQUENCE`
 */
export function planPatientUpdates(message: Hl7Message, profile: Profile): PatientUpdate[] {
  const patients = patientsIn(message);
  if (patients.length === 0)
    throw hl7Failure('segmentSequence', 'The message names no patient (PID).', { segment: 'PID' });
  return patients.flatMap((given) => planPatient(given, message, profile));
}

/** Two orders of one patient are told by their identifiers alone: names are what changes. */
function isMeant(known: OrderIdentity, { before, sender }: PatientUpdate): boolean {
  if (known.patient === undefined) return false;
  const told = { ...known, sender, patient: { ...known.patient, ...before } };
  const nameless = { ...known, patient: { ...known.patient, name: '' } };
  return patientLikeness(nameless, told) === 'same';
}

/** Rewrites the open worklists of the patients, one after the other, in the transaction around it. */
export function applyPatientUpdates(updates: readonly PatientUpdate[], context: ApplyContext): Applied {
  const done = updates.map((update) => applyPatientUpdate(update, context));
  return {
    effects: done.flatMap(({ effects }) => effects),
    changes: done.flatMap(({ changes }) => changes),
    warnings: [],
  };
}

/** The patient as now told; a name or date that is not told stays, as orders are known by them. */
const patientAfter = ({ now }: PatientUpdate, known: PatientIdentity | undefined): PatientIdentity => ({
  ...now,
  name: now.name || (known?.name ?? ''),
  birthDate: now.birthDate || (known?.birthDate ?? ''),
});

function applyPatientUpdate(update: PatientUpdate, { book, nowMs, terms }: ApplyContext): Applied {
  const orders = book.ofPatient(update.before.id).filter((order) => isMeant(order.identity, update));
  const changes = orders.flatMap((order) => {
    const patient = patientAfter(update, order.identity.patient);
    const changed = { ...order, identity: { ...order.identity, patient } };
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
