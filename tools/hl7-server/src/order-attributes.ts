import { hash } from 'node:crypto';
import type { Attributes } from '@orthanc-tools/dicom-files';
import { hl7Failure } from '@orthanc-tools/hl7-messages';
import { systemTimeZone } from '@orthanc-tools/scheduling';
import { firstCode } from './coded-item.ts';
import { type Moment, momentOf, readMoment } from './date-time.ts';
import { identifierText, lineOfText, paragraphs } from './dicom-text.ts';
import { firstText, isDeleted, isFilled, parseFieldPath } from './field-path.ts';
import { repetitionsAt, textAt } from './field-path.ts';
import type { OrderGroup } from './order-groups.ts';
import { stepStatus } from './order-action.ts';
import type { OrderIdentity, ScopedId } from './order-identity.ts';
import { optional, patientAttributes, present } from './patient-attributes.ts';
import { performerName } from './person-name.ts';
import type { ProfileValues } from './profile-values.ts';
import type { Profile } from './profile.ts';

export interface MappingSettings {
  readonly longIdentifiers: 'keep' | 'reject' | 'hash';
  readonly withoutModality: 'default' | 'refuse';
  /** What counts where no field tells when the step is. */
  readonly withoutStart: 'message' | 'now';
  /** Times that bear an offset are told by the clocks of this machine. */
  readonly convertOffsets: boolean;
}

/** The time zone of what is written into worklists; undefined: as it was told. */
export const zoneFor = ({ convertOffsets }: Pick<MappingSettings, 'convertOffsets'>): string | undefined =>
  convertOffsets ? systemTimeZone() : undefined;

export interface MappingContext {
  readonly profile: Profile;
  /** What the profile finds among the segments of the step. */
  readonly values: ProfileValues;
  readonly settings: MappingSettings;
  readonly now: Date;
  /** MSH-7. */
  readonly messageTime: string;
  readonly identity: OrderIdentity;
}

/** What a message says of one step. */
export interface MappedStep {
  readonly stepId: string;
  /** Whether the message names the step, or its identifier was made up. */
  readonly isNamed: boolean;
  readonly start: Moment;
  /** Of the worklist, without StudyInstanceUID; the step is in ScheduledProcedureStepSequence. */
  readonly attributes: Attributes;
  /** Attributes that no field says: those of an earlier message are better. */
  readonly guessed: readonly string[];
  /** Attributes that the message says are to be empty. */
  readonly deleted: readonly string[];
  /** A new order says everything; what a change leaves empty stays as it was. */
  readonly isChange: boolean;
}

const longestShortText = 16;

/** An identifier of 16 characters at most: one that is cut off would be that of another order too. */
function shortIdentifier(
  text: string,
  { longIdentifiers }: MappingSettings,
  place: { readonly segment: string; readonly field: number },
): string {
  const id = identifierText(text);
  if (id.length <= longestShortText || longIdentifiers === 'keep') return id;
  if (longIdentifiers === 'reject')
    throw hl7Failure('dataType', 'An identifier has more than 16 characters.', place);
  return hash('sha256', id, 'hex').slice(0, longestShortText).toUpperCase();
}

function modalityOf(values: ProfileValues, settings: MappingSettings): { value: string; isGuess: boolean } {
  const said = values.text('Modality').toUpperCase();
  const isUsable = values.isSaid('Modality') && /^[A-Z][A-Z0-9 _]{0,15}$/.test(said);
  if (isUsable) return { value: said, isGuess: false };
  if (settings.withoutModality === 'refuse')
    throw hl7Failure('tableValue', 'The order names no modality that can be used.', {
      segment: 'OBR',
      field: 24,
    });
  return { value: values.isSaid('Modality') ? '' : said, isGuess: true };
}

function startOf(context: MappingContext, group: OrderGroup): { start: Moment; isGuess: boolean } {
  const paths = context.profile.sources.get('ScheduledProcedureStepStart') ?? [];
  const zone = zoneFor(context.settings);
  for (const path of paths) {
    for (const repetition of repetitionsAt(group.segments, path)) {
      const start = readMoment(textAt(repetition, path.component, path.subcomponent), zone);
      if (start !== undefined) return { start: { ...start, time: start.time || '000000' }, isGuess: false };
    }
  }
  const told =
    context.settings.withoutStart === 'message' ? readMoment(context.messageTime, zone) : undefined;
  const start = told ?? momentOf(context.now);
  return { start: { ...start, time: start.time || '000000' }, isGuess: true };
}

/** One that is too long for DICOM stays: a modality may be called so all the same. */
const isStation = (text: string): boolean => text !== '' && lineOfText(text) === text;

function stationsOf(values: ProfileValues, profile: Profile, modality: string): readonly string[] {
  const said = values.repetitions('ScheduledStationAETitle').map((one) => textAt(one, 1));
  const usable = said.filter(isStation);
  if (usable.length > 0) return usable;
  const chosen =
    profile.stationByModality.get(modality) ?? profile.defaults.get('ScheduledStationAETitle') ?? '';
  return chosen === '' ? [] : [chosen];
}

function scopeSequence(number: ScopedId | undefined): readonly Attributes[] | undefined {
  return number === undefined || number.scope === '' ? undefined : [{ LocalNamespaceEntityID: number.scope }];
}

function comments({ segments }: OrderGroup, values: ProfileValues): string {
  const notes = segments('NTE').flatMap((segment) => segment.field(3).map((one) => textAt(one)));
  const filled = notes.filter((note) => note !== '');
  return paragraphs(filled.length > 0 ? filled.join('\n') : values.text('RequestedProcedureComments'));
}

function orderAttributes(group: OrderGroup, context: MappingContext): Attributes {
  const { profile, settings, identity, values } = context;
  const { segments } = group;
  const accession = shortIdentifier(identity.accession, settings, { segment: 'OBR', field: 18 });
  const code = firstCode(segments, profile.sources.get('RequestedProcedureCodeSequence') ?? []);
  const procedureId =
    shortIdentifier(values.text('RequestedProcedureID'), settings, { segment: 'OBR', field: 19 }) ||
    accession;
  const reasons = values
    .repetitions('ReasonForTheRequestedProcedure')
    .filter(isFilled)
    .map((one) => lineOfText(textAt(one, 2) || textAt(one, 1)));
  return {
    AccessionNumber: present(accession),
    PlacerOrderNumberImagingServiceRequest: optional(identity.placer?.id ?? ''),
    OrderPlacerIdentifierSequence: scopeSequence(identity.placer),
    FillerOrderNumberImagingServiceRequest: optional(identity.filler?.id ?? ''),
    OrderFillerIdentifierSequence: scopeSequence(identity.filler),
    RequestedProcedureID: present(procedureId),
    RequestedProcedureDescription: present(values.line('RequestedProcedureDescription') || procedureId),
    RequestedProcedureCodeSequence: code === undefined ? undefined : [code],
    RequestedProcedurePriority: present(values.text('RequestedProcedurePriority')),
    RequestingPhysician: present(values.physician('RequestingPhysician')),
    RequestingService: optional(values.line('RequestingService')),
    ReasonForTheRequestedProcedure: reasons.length === 0 ? undefined : reasons,
    PatientTransportArrangements: present(values.line('PatientTransportArrangements')),
    RequestedProcedureComments: optional(comments(group, values)),
    InstitutionName: optional(values.line('InstitutionName')),
    InstitutionAddress: optional(values.joined('InstitutionAddress', ', ', 1024)),
    OrderEnteredBy: optional(values.physician('OrderEnteredBy')),
    OrderCallbackPhoneNumber: optional(values.line('OrderCallbackPhoneNumber', longestShortText)),
    ReferencedStudySequence: [],
    ReferencedPatientSequence: [],
  };
}

function firstPresent(attributes: Attributes, keyword: string): string {
  const value = attributes[keyword];
  return typeof value === 'string' ? value : '';
}

const requested = (attributes: Attributes): string =>
  firstPresent(attributes, 'RequestedProcedureDescription');

const control = [parseFieldPath('ORC-1.1')];

function guessedTexts({ identity, values }: MappingContext): readonly string[] {
  const unsaid = ['RequestedProcedureID', 'RequestedProcedureDescription'].filter(
    (keyword) => values.text(keyword) === '',
  );
  const isStepUnsaid =
    values.line('ScheduledProcedureStepDescription') === '' &&
    unsaid.includes('RequestedProcedureDescription');
  return [
    ...unsaid,
    ...(isStepUnsaid ? ['ScheduledProcedureStepDescription'] : []),
    ...(identity.hasOwnAccession ? [] : ['AccessionNumber']),
  ];
}

/** How a message calls the step, as its worklist does; '' where it does not. */
export function namedStep(values: ProfileValues, settings: MappingSettings): string {
  return shortIdentifier(values.text('ScheduledProcedureStepID'), settings, { segment: 'OBR', field: 20 });
}

/** Maps what a message says of one step. The empty sequences are items of type 2. */
export function mapStep(group: OrderGroup, context: MappingContext): MappedStep {
  const { profile, settings, values } = context;
  const { segments } = group;
  const order = orderAttributes(group, context);
  const modality = modalityOf(values, settings);
  const { start, isGuess } = startOf(context, group);
  const stations = stationsOf(values, profile, modality.value);
  const named = namedStep(values, settings);
  const stepId = named || firstPresent(order, 'RequestedProcedureID');
  const protocol = firstCode(segments, profile.sources.get('ScheduledProtocolCodeSequence') ?? []);
  const performer = values.repetitions('ScheduledPerformingPhysicianName')[0];
  const step: Attributes = {
    Modality: present(modality.value || (profile.defaults.get('Modality') ?? '')),
    ScheduledStationAETitle: stations,
    ScheduledProcedureStepStartDate: start.date,
    ScheduledProcedureStepStartTime: start.time,
    ScheduledPerformingPhysicianName: present(performer === undefined ? '' : performerName(performer)),
    ScheduledProcedureStepDescription: present(
      values.line('ScheduledProcedureStepDescription') || requested(order),
    ),
    ScheduledProtocolCodeSequence: protocol === undefined ? undefined : [protocol],
    ScheduledProcedureStepID: present(stepId),
    ScheduledStationName: present(values.line('ScheduledStationName', longestShortText)),
    ScheduledProcedureStepLocation: present(values.line('ScheduledProcedureStepLocation', longestShortText)),
    ScheduledProcedureStepStatus: stepStatus(group),
  };
  return {
    stepId,
    isNamed: named !== '',
    start,
    attributes: {
      ...patientAttributes(segments, profile, values),
      ...order,
      ScheduledProcedureStepSequence: [step],
    },
    guessed: [
      ...(modality.isGuess ? ['Modality'] : []),
      ...(isGuess ? ['ScheduledProcedureStepStartDate', 'ScheduledProcedureStepStartTime'] : []),
      ...(values.isSaid('ScheduledStationAETitle') ? [] : ['ScheduledStationAETitle']),
      ...guessedTexts(context),
    ],
    deleted: [...profile.sources]
      .filter(([, paths]) => isDeleted(segments, paths))
      .map(([keyword]) => keyword),
    isChange: !['', 'NW'].includes(firstText(segments, control).toUpperCase()),
  };
}
