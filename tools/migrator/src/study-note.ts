import type { DescribedStudy } from './study-context.ts';
import type { StudyOutcome } from './study-outcome.ts';

/** How a study ended that was gone from Orthanc before it was migrated. */
export const vanished = 'vanished';

/** What the report tells of a study, whatever becomes of it; without patient data. */
export interface StudyNote {
  readonly date: string;
  /** Proved at the destination. */
  readonly images: number;
  readonly missing: number;
  /** In what the destination knows the patient otherwise. */
  readonly differ?: readonly string[];
}

export function writeNote(
  { date }: Pick<DescribedStudy, 'date'>,
  { proved, exceptions }: Pick<StudyOutcome, 'proved' | 'exceptions'>,
  differ: readonly string[] = [],
): string {
  const note: StudyNote = {
    date,
    images: proved,
    missing: exceptions.length,
    ...(differ.length > 0 && { differ }),
  };
  return JSON.stringify(note);
}

/** Undefined where nothing is known yet. */
export const readNote = (note: string): StudyNote | undefined =>
  note === '' ? undefined : (JSON.parse(note) as StudyNote);
