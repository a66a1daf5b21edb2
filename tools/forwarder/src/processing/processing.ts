import type { DicomWebServer, Orthanc } from '@orthanc-tools/orthanc-client';
import type { Made, Outgoing } from '../open-route.ts';
import { orGone } from '../or-gone.ts';
import { checkIdentity } from './check-identity.ts';
import type { Order, TagEdits } from './order.ts';
import { type PlannedChange, needsTags, planChange } from './plan-change.ts';
import { readOrder } from './read-order.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { readMade, untilProved } from './read-made.ts';
import type { TagEntries } from './tag-entries.ts';

/** A file to be sent: in memory, or as it comes. */
export type MadeFile = Parameters<DicomWebServer['storeFile']>[0];

/** A changed copy that can be had again: the same bytes, or none. */
export interface ReadyMade extends Made {
  open(signal: AbortSignal): Promise<MadeFile>;
}

/** How instances are changed on their way to one destination. */
export interface Processing {
  /** The same for the same order, key and hook or none: what was made by one name is not of one piece with another's. */
  readonly name: string;
  /** Undefined: only `edit` says. */
  readonly order: Order | undefined;
  readonly pseudonyms: Pseudonyms;
  /** What is ordered for one instance beside that; undefined where it is to stay as it is. */
  readonly edit:
    | ((instance: Outgoing, tags: TagEntries, signal: AbortSignal) => Promise<TagEdits | undefined>)
    | undefined;
}

/** How much of what was made may be kept until it is sent (bytes); what is kept is taken from it. */
export interface Room {
  left: number;
}

export interface MakingContext {
  readonly inbox: Orthanc;
  readonly processing: Processing;
  readonly room: Room;
  readonly signal: AbortSignal;
}

/**
 * Has Orthanc make the changed copy of an instance, and looks whether it is what was ordered. Leaves nothing behind.
 * @throws permanent `CHANGE_REFUSED`, `CHANGED_IDENTITY`, `NOT_TRANSCODED`; transient `INSTANCE_GONE`
 */
export async function makeReady(instance: Outgoing, context: MakingContext): Promise<ReadyMade> {
  const { inbox, room, signal } = context;
  const planned = await plan(instance, context).catch(orGone);
  const { change } = planned;
  const make = (until: AbortSignal) =>
    (change === undefined
      ? inbox.instances.openFile(instance.id, until)
      : inbox.instances.openChanged(instance.id, change, until)
    ).catch(orGone);
  const coming = await make(signal);
  const keepsAll = coming.length !== undefined && coming.length <= room.left;
  if (keepsAll) room.left -= coming.length;
  const { md5, size, head, pieces } = await readMade(coming, keepsAll);
  const ids = checkIdentity(head, planned, instance.id);
  const { studyUid, seriesUid, sopInstanceUid } = planned.expected;
  return {
    id: ids.instance,
    studyId: ids.study,
    ...{ studyUid, seriesUid, sopInstanceUid, md5, size, order: context.processing.name },
    open: async (until) => pieces ?? { body: untilProved(await make(until), { md5, size }), length: size },
  };
}

/** Without a change: it stays as it is, because nothing was ordered and the hook has said so. */
type Planned = Omit<PlannedChange, 'change'> & Partial<Pick<PlannedChange, 'change'>>;

const nothing = readOrder(undefined, undefined);

async function plan(instance: Outgoing, { inbox, signal, processing }: MakingContext): Promise<Planned> {
  const { order = nothing, pseudonyms, edit } = processing;
  const isRead = edit !== undefined || needsTags(order);
  const tags = isRead ? await inbox.instances.tags(instance.id, signal) : undefined;
  const edits = tags === undefined ? undefined : await edit?.(instance, tags, signal);
  const { identifiers: identity } = instance;
  if (processing.order === undefined && edits === undefined)
    return { expected: identity, transferSyntax: undefined };
  return planChange(order, { identity, tags, edits }, pseudonyms);
}
