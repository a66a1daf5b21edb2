import type { Profile } from '../destination.ts';
import type { Order } from './order.ts';
import { identityKeyword, identityUids } from './tag-names.ts';

/** What is wrong with one field of a profile's body; `fault` continues a sentence that begins with the field. */
export interface ProfileFault {
  readonly field: string;
  readonly fault: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isText = (value: unknown): boolean => typeof value === 'string';

interface Field {
  readonly routes: readonly Order['route'][];
  isRight(value: unknown): boolean;
  readonly must: string;
}

const both = ['modify', 'anonymize'] as const;
const list = { routes: both, isRight: isTextList, must: 'must be a list of tags' };

const fields: Readonly<Record<string, Field>> = {
  Replace: { routes: both, isRight: isRecord, must: 'must be an object of tags and their values' },
  Remove: list,
  Keep: list,
  Force: { routes: both, isRight: isFlag, must: 'must be true or false' },
  PrivateCreator: { routes: both, isRight: isText, must: 'must be text' },
  RemovePrivateTags: { routes: ['modify'], isRight: isFlag, must: 'must be true or false' },
  KeepPrivateTags: { routes: ['anonymize'], isRight: isFlag, must: 'must be true or false' },
  DicomVersion: { routes: ['anonymize'], isRight: isText, must: 'must be text, such as 2023b' },
};

/** Everything that can be known to be wrong before an instance is there. Pure. */
export function faultsOfProfile({ kind, body, identifiers }: Profile): ProfileFault[] {
  const faults = Object.entries(body).flatMap(([field, value]) => {
    const fault = faultOf(kind, field, value);
    return fault === undefined ? [] : [{ field, fault }];
  });
  return faults.length > 0 ? faults : identityFaults({ kind, body, identifiers });
}

function faultOf(kind: Order['route'], name: string, value: unknown): string | undefined {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (name === 'Transcode') return 'is said by transcode of the destination';
  if (field?.routes.includes(kind) !== true) {
    const known = Object.keys(fields).filter((one) => fields[one]?.routes.includes(kind));
    return `is nothing that can be told to ${kind} on the way (known are ${known.join(', ')})`;
  }
  return field.isRight(value) ? undefined : field.must;
}

function identityFaults({ body, identifiers }: Profile): ProfileFault[] {
  const faults: ProfileFault[] = [];
  for (const [name, value] of Object.entries((body['Replace'] ?? {}) as Record<string, unknown>))
    if (identityKeyword(name) !== undefined && typeof value !== 'string')
      faults.push({ field: 'Replace', fault: `must give text for ${name}` });
  const kept = keptUids(body);
  if (kept.length > 0 && kept.length < identityUids.length)
    faults.push({ field: 'Keep', fault: `must name all of ${identityUids.join(', ')}, or none` });
  if (kept.length > 0 && identifiers === 'new')
    faults.push({ field: 'Keep', fault: 'keeps identifiers that are to be new' });
  for (const name of textsIn(body['Remove']))
    if ((identityKeyword(name) ?? 'PatientName') !== 'PatientName')
      faults.push({ field: 'Remove', fault: `cannot name ${name}: an instance needs it` });
  return faults;
}

const textsIn = (value: unknown): readonly string[] => (isTextList(value) ? value : []);

const keptUids = (body: Profile['body']): readonly string[] =>
  identityUids.filter((uid) => textsIn(body['Keep']).some((name) => identityKeyword(name) === uid));

/** What a profile without faults, if any, and the transfer syntax come to. Pure. */
export function readOrder(profile: Profile | undefined, transcode: string | undefined): Order {
  const { kind, body, identifiers }: Profile = profile ?? { kind: 'modify', body: {} };
  const { Replace: replace = {}, Remove: remove, Keep: keep, ...rest } = body;
  const more = Object.fromEntries(Object.entries(rest).filter(([field]) => field !== 'Force'));
  const isKept = kind === 'modify' || keptUids(body).length > 0;
  return {
    route: kind,
    identifiers: identifiers ?? (isKept ? 'keep' : 'new'),
    replace: replace as Order['replace'],
    remove: textsIn(remove),
    keep: textsIn(keep),
    more,
    transcode,
  };
}
