import { open } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { linesIn } from './lines-in.ts';
import { type ToldDeletions, noDeletions, withTold } from './told-deletions.ts';
import { type TrailRecord, hashOfNothing, hashOfText, readRecord, tornEvent } from './trail-records.ts';

export type TrailVerdict =
  | { readonly is: 'whole'; readonly records: number }
  /** The first line that is not what was written, or does not follow the one before. */
  | { readonly is: 'broken'; readonly line: number }
  | { readonly is: 'missing' };

/**
 * Reads the whole trail and checks each record and its place in the chain.
 * @param see is shown each record that is in order
 */
export async function verifyTrail(
  path: string,
  see: (record: TrailRecord) => void = () => undefined,
): Promise<TrailVerdict> {
  try {
    return await verdictOn(path, see);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { is: 'missing' };
    throw error;
  }
}

interface TornLine {
  readonly line: number;
  readonly text: string;
}

async function verdictOn(path: string, see: (record: TrailRecord) => void): Promise<TrailVerdict> {
  let [seq, previous, number] = [0, hashOfNothing, 0];
  let torn: TornLine | undefined;
  for await (const text of linesIn(path)) {
    number += 1;
    const record = readRecord(text);
    if (record === undefined) {
      if (torn !== undefined) return { is: 'broken', line: torn.line };
      torn = { line: number, text };
      continue;
    }
    if (torn !== undefined && !explains(record, torn)) return { is: 'broken', line: torn.line };
    if (record.seq !== seq + 1 || record.previous !== previous) return { is: 'broken', line: number };
    [seq, previous, torn] = [record.seq, record.hash, undefined];
    see(record);
  }
  // The last line alone may be one that was cut off just now, and is explained by the next start.
  return torn !== undefined && (torn.line < number || (await endsWithLineEnd(path)))
    ? { is: 'broken', line: torn.line }
    : { is: 'whole', records: seq };
}

/** Only the tool itself, when it was started again, knows which line a crash has cut off. */
const explains = ({ event, facts }: TrailRecord, { text }: TornLine): boolean =>
  event === tornEvent && facts['sha256'] === hashOfText(text);

/**
 * @returns the deletions of which it tells
 * @throws configuration `AUDIT_TRAIL_BROKEN`; what keeps it from being read, opening it for writing will tell
 */
export async function refuseBrokenTrail(path: string): Promise<ToldDeletions> {
  let told = noDeletions;
  const verdict = await verifyTrail(path, (record) => {
    told = withTold(told, record);
  }).catch(() => undefined);
  if (verdict?.is !== 'broken') return told;
  throw configurationError(
    'AUDIT_TRAIL_BROKEN',
    `${nameOf('auditTrail')}: line ${String(verdict.line)} of "${path}" is not what was written there, or does not follow the line before. Keep this file, find out who changed it, and name another one.`,
  );
}

async function endsWithLineEnd(path: string): Promise<boolean> {
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
  return buffer.toString() === '\n';
}
