import { type Failure, asFailure, configurationError, permanentFailure } from '@orthanc-tools/failures';
import { type Patience, patiently } from '@orthanc-tools/tool-runtime';

/**
 * Asks again, with growing pauses, up to so many times: for `plan`, behind which somebody sits. Undefined when the run is
 * to stop.
 * @throws configuration, with the code of what went wrong, where a server is still away then; what is wrong with the question alone
 */
export function patientlyWithin<Answer>(
  maxRetries: number,
  ask: () => Promise<Answer>,
  patience: Patience,
): Promise<Answer | undefined> {
  let tries = 0;
  return patiently(async () => {
    try {
      return await ask();
    } catch (error) {
      const failure = asFailure(error);
      const mayPass = failure?.kind === 'transient' || failure?.kind === 'ambiguous';
      tries += 1;
      throw mayPass && tries > maxRetries ? givenUp(failure, tries) : error;
    }
  }, patience);
}

function givenUp(failure: Failure, tries: number): Failure {
  const { code, scope, facts } = failure;
  const details = { scope, facts, cause: failure };
  const message = `${failure.message} Asked ${tries === 1 ? 'once' : `${String(tries)} times`}.`;
  return scope === 'run'
    ? configurationError(code, message, details)
    : permanentFailure(code, message, details);
}
