import { asFailure } from '@orthanc-tools/failures';
import type { Call } from './call.ts';

/** Whether a call may be made a second time without doing anything a second time, here or elsewhere. */
export const isHarmlessTwice = ({ effect, destination }: Pick<Call, 'effect' | 'destination'>): boolean =>
  effect === 'nothing' && destination === undefined;

/**
 * A server may close a connection that was idle in the very moment in which it is used again (RFC 9112, 9.5): the call was
 * not heard then, which says nothing of the server. It is made once more, over a new connection; no other failure is.
 */
export async function unlessJustClosed<Asked extends Call, Answer>(
  call: Asked,
  ask: (call: Asked) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(call);
  } catch (error) {
    if (!isHarmlessTwice(call) || !wasJustClosed(error)) throw error;
    return ask({ ...call, isOnNewConnection: true });
  }
}

function wasJustClosed(error: unknown): boolean {
  const { code, facts } = asFailure(error) ?? {};
  return code === 'ORTHANC_CONNECTION_LOST' && facts?.['reusedConnection'] === true;
}
