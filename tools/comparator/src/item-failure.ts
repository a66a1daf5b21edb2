import { type Failure, asFailure } from '@orthanc-tools/failures';

/** The failure of one question, which leaves the others as they are; undefined: one that concerns the run, or a defect. */
export function itemFailure(error: unknown): Failure | undefined {
  const failure = asFailure(error);
  return failure === undefined || failure.scope === 'run' || failure.kind === 'configuration'
    ? undefined
    : failure;
}

/** The answer, or something else where this one question fails. */
export async function orElse<Answer, Other>(
  other: Other,
  ask: () => Promise<Answer>,
): Promise<Answer | Other> {
  try {
    return await ask();
  } catch (error) {
    if (itemFailure(error) === undefined) throw error;
    return other;
  }
}
