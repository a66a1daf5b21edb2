import { asFailure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import type { ForwarderHooks } from '../../types/hooks.d.ts';

export type HookName = keyof ForwarderHooks;

export interface HookCalls {
  readonly clock: Pick<Clock, 'sleep'>;
  /** How long a hook may take, in ms. */
  readonly timeoutMs: number;
}

/**
 * Waits for the answer of a hook.
 * @throws permanent `HOOK_FAILED` when it throws, transient `HOOK_TIMED_OUT`; neither repeats the hook's own words, as they
 * may hold patient data
 */
export async function callHook<Answer>(
  name: HookName,
  call: () => Answer | Promise<Answer>,
  { clock, timeoutMs }: HookCalls,
): Promise<Answer> {
  const answered = new AbortController();
  const late = clock.sleep(timeoutMs, answered.signal).then(
    () => {
      throw transientFailure(
        'HOOK_TIMED_OUT',
        `The hook ${name} has not answered within ${String(timeoutMs / 1000)} s.`,
      );
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([Promise.resolve().then(call), late]);
  } catch (error) {
    throw asFailure(error)?.code === 'HOOK_TIMED_OUT' ? error : hookFailed(name, error);
  } finally {
    answered.abort();
  }
}

function hookFailed(name: HookName, error: unknown) {
  const what = error instanceof Error ? error.name : `something that is no error (${typeof error})`;
  return permanentFailure('HOOK_FAILED', `The hook ${name} threw ${what}${placeOf(error)}.`);
}

/** File and line: whoever wrote the hook needs them, and they hold nothing of what it was given. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [, place] = /\n\s+at [^\n]*?((?:file:|\/)[^\n():]*:\d+):\d+/.exec(stack) ?? [];
  return place === undefined ? '' : ` at ${place}`;
}

export const wrongAnswer = (name: HookName, must: string) =>
  permanentFailure('HOOK_ANSWER_INVALID', `The hook ${name} must answer ${must}.`);
