import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Orthanc, SystemFacts } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';

export type Side = 'source' | 'destination';

export type Find = (
  check: string,
  verdict: DoctorFinding['verdict'],
  found: string,
  remedy?: string,
) => DoctorFinding;

/** One server that answers, and all that is needed to look at it. */
export interface Examined {
  readonly side: Side;
  readonly orthanc: Orthanc;
  readonly facts: SystemFacts;
  readonly find: Find;
}

export const finderFor =
  (subject: string): Find =>
  (check, verdict, found, remedy) => ({
    subject,
    check,
    verdict,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  });

interface Question {
  readonly check: string;
  /** The clone asks the same, and cannot do without the answer. */
  readonly isNeeded?: boolean;
  examine(): Promise<readonly DoctorFinding[]>;
}

/** A question that fails becomes a finding of its own: it must not cost the others. */
export async function guarded(
  find: Find,
  { check, isNeeded = false, examine }: Question,
): Promise<readonly DoctorFinding[]> {
  try {
    return await examine();
  } catch (error) {
    const failure = expected(error);
    return [find(check, isNeeded ? 'problem' : 'unknown', failure.message, remedyFor(failure, isNeeded))];
  }
}

/** The failure; anything else is a defect of ours and goes on. */
export function expected(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  return failure;
}

function remedyFor({ code, facts }: Failure, isNeeded: boolean): string {
  const why = isNeeded ? 'the clone needs it' : 'only this check needs it, the clone works without';
  return code === 'ORTHANC_UNAUTHORIZED'
    ? `Allow this user ${String(facts['call'])}: ${why}.`
    : `Look at the log of Orthanc and of what stands before it: ${why}.`;
}

/** A list in an answer that nobody has checked yet; of anything else, nothing. */
export const entriesOf = (answer: unknown): readonly unknown[] =>
  Array.isArray(answer) ? (answer as readonly unknown[]) : [];

/** A text in an answer that nobody has checked yet. */
export function textIn(answer: unknown, field: string): string | undefined {
  const value =
    typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** 1234567890 → "1,235 MB" (powers of 1000, as disks are sold). */
export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
