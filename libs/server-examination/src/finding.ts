import { type Failure, type Finding, asFailure } from '@orthanc-tools/failures';

export type Find = (check: string, verdict: Finding['verdict'], found: string, remedy?: string) => Finding;

/** Makes findings about one subject. */
export const finderFor =
  (subject: string): Find =>
  (check, verdict, found, remedy) => ({
    subject,
    check,
    verdict,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  });

/** The failure; anything else is a defect of ours and goes on. */
export function expected(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  return failure;
}

/** A question that fails is a finding of its own, and costs none of the others. */
export async function asFinding(
  look: () => Promise<Finding>,
  otherwise: (failure: Failure) => Finding,
): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return otherwise(expected(error));
  }
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

/** 1234567 → "1,234,567". */
export const digits = (value: number): string => value.toLocaleString('en-US');

/** 1234567890 → "1,235 MB" (powers of 1000, as disks are sold). */
export const inMegabytes = (bytes: number): string => `${digits(Math.round(bytes / 1e6))} MB`;
