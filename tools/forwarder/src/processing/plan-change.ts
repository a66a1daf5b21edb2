import type { InstanceChange } from '@orthanc-tools/orthanc-client';
import { identifyingTags } from './identifying-tags.ts';
import type { Identity, Order, TagEdits } from './order.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { TagEntries } from './tag-entries.ts';
import { type IdentityKeyword, hexName, identityKeyword } from './tag-names.ts';
import { isEncapsulated } from './transfer-syntax.ts';

export interface PlannedChange {
  readonly change: InstanceChange;
  /** Who the result must be. */
  readonly expected: Identity;
  /** In which the result must be; undefined: as it was. */
  readonly transferSyntax: string | undefined;
}

/** One instance, before it is changed. Patient data. */
export interface Subject {
  readonly identity: Identity;
  /** May be left out where `needsTags` says so. */
  readonly tags?: TagEntries | undefined;
  readonly edits?: TagEdits | undefined;
}

const pixelData = '7fe0,0010';

/** Whether an instance must be looked into before it can be said what is to be changed. */
export const needsTags = ({ route, identifiers, transcode }: Order): boolean =>
  route === 'anonymize' || identifiers === 'new' || (transcode !== undefined && isEncapsulated(transcode));

/**
 * What Orthanc is to be asked for, and who the result must be. Every identifier is told to Orthanc: what it makes up by
 * itself would be another one each time. Pure.
 */
export function planChange(order: Order, subject: Subject, pseudonyms: Pseudonyms): PlannedChange {
  const { tags = {}, edits = {} } = subject;
  const wanted = { ...order.replace, ...edits.replace };
  const given = identityIn(wanted);
  const expected = newIdentity(order, { ...subject, given, pseudonyms });
  const patientName = given.get('PatientName') ?? pseudonymousName(order, expected);
  const remove = [...order.remove, ...(edits.remove ?? [])];
  const isTranscoded =
    order.transcode !== undefined && (!isEncapsulated(order.transcode) || pixelData in tags);
  const change = {
    ...order.more,
    Replace: {
      ...otherIdentifiers(order, {
        tags,
        untouched: [...remove, ...order.keep],
        expected,
        patientName,
        pseudonyms,
      }),
      ...withoutIdentity(wanted),
      ...identityReplacements(order, { before: subject.identity, expected, patientName }),
    },
    Remove: remove,
    ...(order.route === 'anonymize' && { Keep: order.keep.filter(isNoIdentifier) }),
    Force: true,
    ...(isTranscoded && { Transcode: order.transcode }),
  };
  const transferSyntax = isTranscoded ? order.transcode : undefined;
  return { change: { route: order.route, change }, expected, transferSyntax };
}

/** The name is no identifier: it may be kept. */
const isNoIdentifier = (name: string): boolean => (identityKeyword(name) ?? 'PatientName') === 'PatientName';

type Given = ReadonlyMap<IdentityKeyword, string>;

function identityIn(wanted: Readonly<Record<string, unknown>>): Given {
  const given = new Map<IdentityKeyword, string>();
  for (const [name, value] of Object.entries(wanted)) {
    const keyword = identityKeyword(name);
    if (keyword !== undefined && typeof value === 'string') given.set(keyword, value);
  }
  return given;
}

const withoutIdentity = (wanted: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(wanted).filter(([name]) => identityKeyword(name) === undefined));

const keeps = ({ keep }: Order, keyword: IdentityKeyword): boolean =>
  keep.some((name) => identityKeyword(name) === keyword);

function newIdentity(
  order: Order,
  { identity, given, pseudonyms }: Subject & { readonly given: Given; readonly pseudonyms: Pseudonyms },
): Identity {
  const uid = (original: string) => (order.identifiers === 'new' ? pseudonyms.uid(original) : original);
  const isSamePatient = order.route === 'modify' || keeps(order, 'PatientID');
  // Patients without an identifier must not become one person.
  const patient = () => pseudonyms.patient(identity.patientId || identity.studyUid);
  return {
    patientId: given.get('PatientID') ?? (isSamePatient ? identity.patientId : patient()),
    studyUid: given.get('StudyInstanceUID') ?? uid(identity.studyUid),
    seriesUid: given.get('SeriesInstanceUID') ?? uid(identity.seriesUid),
    sopInstanceUid: given.get('SOPInstanceUID') ?? uid(identity.sopInstanceUid),
  };
}

const pseudonymousName = (order: Order, { patientId }: Identity): string | undefined =>
  order.route === 'anonymize' && !keeps(order, 'PatientName') ? patientId : undefined;

interface Identities {
  readonly before: Identity;
  readonly expected: Identity;
  readonly patientName: string | undefined;
}

function identityReplacements(order: Order, { before, expected, patientName }: Identities) {
  const tellsPatient = order.route === 'anonymize' || expected.patientId !== before.patientId;
  return {
    ...(tellsPatient && { PatientID: expected.patientId }),
    ...(patientName !== undefined && { PatientName: patientName }),
    StudyInstanceUID: expected.studyUid,
    SeriesInstanceUID: expected.seriesUid,
    SOPInstanceUID: expected.sopInstanceUid,
  };
}

interface Others {
  readonly tags: TagEntries;
  /** Names of tags that are to go, or to stay. */
  readonly untouched: readonly string[];
  readonly expected: Identity;
  readonly patientName: string | undefined;
  readonly pseudonyms: Pseudonyms;
}

/**
 * UIDs at every depth by which instances refer to each other, and patients within sequences: as they are to be, where
 * Orthanc would make up others.
 */
function otherIdentifiers(order: Order, others: Others): Record<string, string> {
  if (order.route === 'modify' && order.identifiers === 'keep') return {};
  const { tags, expected, patientName, pseudonyms } = others;
  const untouched = new Set(others.untouched.map(hexName));
  const becomes = (keyword: string, value: string): string => {
    if (keyword === 'PatientID') return expected.patientId;
    if (keyword === 'PatientName') return patientName ?? value;
    if (order.identifiers === 'keep') return value;
    return value
      .split('\\')
      .map((uid) => pseudonyms.uid(uid))
      .join('\\');
  };
  const isOfPatient = (keyword: string) => keyword === 'PatientID' || keyword === 'PatientName';
  const found = identifyingTags(tags).filter(
    ({ path, tag, keyword, isNested }) =>
      (isNested
        ? order.route === 'anonymize' || !isOfPatient(keyword)
        : identityKeyword(tag) === undefined) && ![path, tag, keyword].some((name) => untouched.has(name)),
  );
  return Object.fromEntries(found.map(({ path, keyword, value }) => [path, becomes(keyword, value)]));
}
