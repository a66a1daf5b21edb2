import { createHash } from 'node:crypto';

/** One line of the audit trail. Orthanc's identifiers, rules and counts; no patient data. */
export interface TrailRecord {
  /** Counts from 1. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Hash of the record before; that of nothing for the first. */
  readonly previous: string;
  /** SHA-256 over this record without it, as it is written. */
  readonly hash: string;
}

export const hashOfNothing = '0'.repeat(64);

export function makeRecord(record: Omit<TrailRecord, 'hash'>): TrailRecord {
  return { ...record, hash: hashOf(record) };
}

/** As a line of the file, without its end. What JSON leaves as it is, and others take for the end of a line, is escaped. */
export const lineOf = (record: TrailRecord): string =>
  JSON.stringify(record).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

function hashOf({ seq, at, event, facts, previous }: Omit<TrailRecord, 'hash'>): string {
  return createHash('sha256').update(JSON.stringify({ seq, at, event, facts, previous })).digest('hex');
}

/** Undefined for what is no record, or none whose hash is right. */
export function readRecord(line: string): TrailRecord | undefined {
  try {
    const record = JSON.parse(line) as TrailRecord;
    return record.hash === hashOf(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Event of the record after a line that a crash has cut off; its fact `sha256` is that of what stands there. */
export const tornEvent = 'trail.line_cut_off';

export const hashOfText = (text: string): string => createHash('sha256').update(text).digest('hex');
