/**
 * What is on record of the instances that the destination lacked: only by that is finding one there afterwards a proof. A
 * note is of one content: an instance that was overwritten since is another, which the destination may never have got.
 */
import { isSameFile } from '@orthanc-tools/copy-proof';
import { type PartNote, type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';
import type { NamedInstance } from './arrival.ts';

interface SendingNote {
  readonly size: number;
  readonly md5?: string | undefined;
  readonly fileUuid?: string;
  /** A job has begun to send it. */
  readonly isSent?: true;
}

const prefix = 'absent ';

const partOf = ({ id }: NamedInstance): string => prefix + id;

const noteOn = ({ md5, size, fileUuid }: NamedInstance): SendingNote => ({
  md5,
  size,
  ...(fileUuid !== undefined && { fileUuid }),
});

/** Durable before anything is sent. */
export function noteAbsent(key: string, lacking: readonly NamedInstance[], ledger: WorkLedger): void {
  if (lacking.length === 0) return;
  ledger.remember(
    key,
    lacking.map((instance) => ({ part: partOf(instance), note: JSON.stringify(noteOn(instance)) })),
  );
  ledger.flush();
}

/** Once the job has begun; to be made durable with the job. */
export function noteSent(key: string, instances: readonly NamedInstance[], ledger: WorkLedger): void {
  ledger.remember(
    key,
    instances.map((instance) => ({
      part: partOf(instance),
      note: JSON.stringify({ ...noteOn(instance), isSent: true } satisfies SendingNote),
    })),
  );
}

/** Orthanc identifiers of those that were noted absent, and have been sent since, as they are now. */
export function sentByUs(
  key: string,
  instances: readonly NamedInstance[],
  ledger: Pick<WorkLedger, 'remembered'>,
): ReadonlySet<string> {
  const now = new Map(instances.map((instance) => [partOf(instance), instance]));
  const ids = new Set<string>();
  for (const { part, note } of notesOf(key, ledger)) {
    const instance = now.get(part);
    if (instance !== undefined && isOf(note, instance)) ids.add(instance.id);
  }
  return ids;
}

function isOf(note: string, instance: NamedInstance): boolean {
  if (note === '') return false;
  const { isSent, ...sent } = JSON.parse(note) as SendingNote;
  return isSent === true && isSameFile({ md5: undefined, ...sent }, instance);
}

/** When the study is answered for: what is found there by a later run was there before that run. */
export function forgetNotes(key: string, ledger: Pick<WorkLedger, 'remembered' | 'forget'>): void {
  ledger.forget(
    key,
    notesOf(key, ledger).map(({ part }) => part),
  );
}

function notesOf(key: string, ledger: Pick<WorkLedger, 'remembered'>): PartNote[] {
  const notes: PartNote[] = [];
  for (const one of eachRemembered(ledger, key)) if (one.part.startsWith(prefix)) notes.push(one);
  return notes;
}
