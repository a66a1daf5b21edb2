import { hash } from 'node:crypto';
import type { Hl7Message, Repetition } from '@orthanc-tools/hl7-messages';
import { identifierText } from './dicom-text.ts';
import { firstFilled, firstText, parseFieldPath, repetitionsAt, textAt } from './field-path.ts';
import type { FieldPath, SegmentsOf } from './field-path.ts';
import { validDate } from './date-time.ts';
import type { Profile } from './profile.ts';

/** A number that somebody gave, and in which range of numbers (EI, CX); the range may be unknown. */
export interface ScopedId {
  readonly id: string;
  readonly scope: string;
}

export interface PatientIdentity extends ScopedId {
  /** Family and given name, upper case, for patients whose identifiers leave a doubt. */
  readonly name: string;
  readonly birthDate: string;
}

/** By what an order is known again. */
export interface OrderIdentity {
  readonly placer: ScopedId | undefined;
  readonly filler: ScopedId | undefined;
  readonly accession: string;
  /** Whether the accession number stood in a field of its own; otherwise it is one of the order numbers. */
  readonly hasOwnAccession: boolean;
  readonly patient: PatientIdentity | undefined;
  /** Sending application and facility. */
  readonly sender: string;
}

const ownAccession = ['IPC-1.1', 'OBR-18.1'].map(parseFieldPath);
const orderNumbers = new Set(['ORC-2', 'OBR-2', 'ORC-3', 'OBR-3']);

/** The identifier that a patient is called by: of a preferred authority, if there is one. */
export function chosenPatientId(segments: SegmentsOf, profile: Profile): Repetition | undefined {
  const paths = profile.sources.get('PatientID') ?? [];
  return preferredId(
    paths.flatMap((path) => repetitionsAt(segments, path)),
    profile,
  );
}

/** The one of several identifiers (CX) that counts. */
export function preferredId(
  given: readonly Repetition[],
  { assigningAuthorities }: Profile,
): Repetition | undefined {
  const all = given.filter((one) => textAt(one) !== '');
  const preferred = assigningAuthorities.flatMap((authority) =>
    all.filter((one) => textAt(one, 4) === authority || textAt(one, 5) === authority),
  );
  return preferred[0] ?? all[0];
}

/** Every identifier of the patient, the chosen one first, each once. */
export function patientIds(segments: SegmentsOf, profile: Profile): readonly Repetition[] {
  const chosen = chosenPatientId(segments, profile);
  const paths = profile.sources.get('PatientID') ?? [];
  const all = paths.flatMap((path) => repetitionsAt(segments, path)).filter((one) => textAt(one) !== '');
  const seen = new Set<string>();
  return [...(chosen === undefined ? [] : [chosen]), ...all].filter((one) => {
    const id = textAt(one);
    if (seen.has(id)) return false;
    return seen.add(id);
  });
}

/** As it is compared: upper case. */
export const nameForDoubt = (family: string, given: string): string =>
  `${family}^${given}`.toUpperCase().replace(/\^$/, '');

export function patientIdentity(segments: SegmentsOf, profile: Profile): PatientIdentity | undefined {
  const chosen = chosenPatientId(segments, profile);
  if (chosen === undefined) return undefined;
  const name = firstFilled(segments, profile.sources.get('PatientName') ?? [])?.repetitions[0];
  return {
    id: identifierText(textAt(chosen)),
    scope: identifierText(textAt(chosen, 4)),
    name: nameForDoubt(textAt(name, 1), textAt(name, 2)),
    birthDate: validDate(firstText(segments, profile.sources.get('PatientBirthDate') ?? [])),
  };
}

function scopedAt(segments: SegmentsOf, paths: readonly FieldPath[]): ScopedId | undefined {
  const found = firstFilled(segments, paths)?.repetitions[0];
  const id = identifierText(textAt(found));
  return id === '' ? undefined : { id, scope: identifierText(textAt(found, 2)) };
}

export function orderIdentity(message: Hl7Message, segments: SegmentsOf, profile: Profile): OrderIdentity {
  const { header } = message;
  const accessionPaths = profile.sources.get('AccessionNumber') ?? ownAccession;
  const found = firstFilled(segments, accessionPaths);
  const hasOwnAccession =
    found !== undefined && !orderNumbers.has(`${found.path.segment}-${String(found.path.field)}`);
  return {
    placer: scopedAt(segments, profile.sources.get('PlacerOrderNumberImagingServiceRequest') ?? []),
    filler: scopedAt(segments, profile.sources.get('FillerOrderNumberImagingServiceRequest') ?? []),
    accession: identifierText(firstText(segments, accessionPaths)),
    hasOwnAccession,
    patient: patientIdentity(segments, profile),
    sender: `${header.field(3)}${header.separators.field}${header.field(4)}`,
  };
}

type Likeness = 'same' | 'different' | 'unknown';

/**
 * Whether two messages speak of one patient. The same identifier of two authorities, or of two senders that name none, is the same patient only
 * when name and date of birth say so too.
 */
export function patientLikeness(a: OrderIdentity, b: OrderIdentity): Likeness {
  if (a.patient === undefined || b.patient === undefined) return 'unknown';
  const [one, other] = [a.patient, b.patient];
  if (one.id !== other.id) return 'different';
  const hasScopes = one.scope !== '' && other.scope !== '';
  if (hasScopes ? one.scope === other.scope : a.sender === b.sender) return 'same';
  const isBornAlike = one.birthDate === other.birthDate || one.birthDate === '' || other.birthDate === '';
  return one.name !== '' && one.name === other.name && isBornAlike ? 'same' : 'different';
}

function numberLikeness(
  one: ScopedId | undefined,
  other: ScopedId | undefined,
  isFamiliar: boolean,
): Likeness {
  if (one === undefined || other === undefined) return 'unknown';
  if (one.id !== other.id) return 'different';
  if (one.scope !== '' && other.scope !== '') return one.scope === other.scope ? 'same' : 'different';
  return isFamiliar ? 'same' : 'unknown';
}

/** Whether a message speaks of an order: some number of it agrees, and nothing contradicts. */
export function isSameOrder(known: OrderIdentity, told: OrderIdentity): boolean {
  const patient = patientLikeness(known, told);
  if (patient === 'different') return false;
  const isFamiliar = patient === 'same' || known.sender === told.sender;
  const areOwn = known.hasOwnAccession && told.hasOwnAccession;
  const accession: Likeness =
    known.accession === '' || told.accession === ''
      ? 'unknown'
      : known.accession === told.accession
        ? isFamiliar
          ? 'same'
          : 'unknown'
        : areOwn
          ? 'different'
          : 'unknown';
  const likenesses = [
    numberLikeness(known.placer, told.placer, isFamiliar),
    numberLikeness(known.filler, told.filler, isFamiliar),
    accession,
  ];
  return likenesses.includes('same') && !likenesses.includes('different');
}

/** Twelve digits that are the same for the same order and step, whenever they are asked for. */
export function stepDigest(identity: OrderIdentity, stepId: string, salt = 0): string {
  return hash('sha256', JSON.stringify([...identityParts(identity), stepId, salt]), 'hex').slice(0, 12);
}

/** What an order is made out of, for identifiers that follow from it. */
export function identityParts({
  placer,
  filler,
  accession,
  patient,
  sender,
}: OrderIdentity): readonly string[] {
  const isScoped = (placer?.scope ?? '') !== '' || (patient?.scope ?? '') !== '';
  return [
    patient?.id ?? '',
    patient?.scope ?? '',
    placer?.id ?? '',
    placer?.scope ?? '',
    filler?.id ?? '',
    filler?.scope ?? '',
    accession,
    isScoped ? '' : sender,
  ];
}
