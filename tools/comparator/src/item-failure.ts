import { type Failure, asFailure } from '@orthanc-tools/failures';

/** The failure of one question, which leaves the others as they are; undefined: one that concerns the run, or a defect. */
export function itemFailure(error: unknown): Failure | undefined {
  const failure = asFailure(error);
  return failure === undefined || failure.scope === 'run' || failure.kind === 'configuration'
    ? undefined
    : failure;
}
