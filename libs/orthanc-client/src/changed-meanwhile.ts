import { asFailure, transientFailure } from '@orthanc-tools/failures';

const parameterOutOfRange = 3;

/**
 * For questions about many resources that every Orthanc understands. What is deleted between Orthanc's looking for it and
 * reading it makes Orthanc refuse the whole, in the words that it also has for a question it does not understand.
 * @throws transient `ORTHANC_CHANGED_MEANWHILE`
 */
export async function unlessChanged<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.facts['orthancStatus'] !== parameterOutOfRange) throw error;
    const message = `${failure.message}: something of it was deleted while Orthanc read it`;
    throw transientFailure('ORTHANC_CHANGED_MEANWHILE', message, { facts: failure.facts, cause: error });
  }
}
