import type { Logger } from '@orthanc-tools/telemetry';
import { describeFailure } from '@orthanc-tools/failures';
import type {
  ForwarderHooks,
  HookEdits,
  HookFailure,
  HookInstance,
  HookStudy,
  HookTransfer,
} from '../../types/hooks.d.ts';
import { identityKeyword } from '../processing/tag-names.ts';
import type { TransferLog } from '../transfer-log.ts';
import { type HookCalls, callHook, wrongAnswer } from './call-hook.ts';

/** The hooks that there are, with their answers checked and their time limited. */
export interface Hooks extends AsyncDisposable {
  readonly filterStudy: ((study: HookStudy) => Promise<boolean>) | undefined;
  readonly filterInstance: ((instance: HookInstance) => Promise<boolean>) | undefined;
  readonly processInstance: ((instance: HookInstance) => Promise<HookEdits | undefined>) | undefined;
  /** Nothing waits for these two, and nothing depends on them; disposing waits until the last has ended. */
  tellForwarded(transfer: HookTransfer): void;
  tellError(failure: HookFailure): void;
}

interface Use extends HookCalls {
  readonly log: Logger;
}

export function useHooks(given: ForwarderHooks, use: Use): Hooks {
  const { filterStudy, filterInstance, processInstance } = given;
  const telling = tellBy(given, use);
  return {
    filterStudy:
      filterStudy && filterBy('filterStudy', (study: HookStudy) => filterStudy.call(given, study), use),
    filterInstance:
      filterInstance &&
      filterBy('filterInstance', (instance: HookInstance) => filterInstance.call(given, instance), use),
    processInstance:
      processInstance &&
      (async (instance) =>
        checkEdits(await callHook('processInstance', () => processInstance.call(given, instance), use))),
    tellForwarded: (transfer) => {
      telling.tell('onForwarded', transfer);
    },
    tellError: (failure) => {
      telling.tell('onError', failure);
    },
    [Symbol.asyncDispose]: () => telling[Symbol.asyncDispose](),
  };
}

const filterBy =
  <Asked>(name: 'filterStudy' | 'filterInstance', hook: (asked: Asked) => unknown, use: Use) =>
  async (asked: Asked): Promise<boolean> => {
    const answer = await callHook(name, () => hook(asked), use);
    if (typeof answer !== 'boolean') throw wrongAnswer(name, 'true or false');
    return answer;
  };

/** Calls hooks for which nobody waits but whoever disposes of it. */
function tellBy(given: ForwarderHooks, use: Use) {
  const open = new Set<Promise<unknown>>();
  return {
    tell: <Told>(name: 'onForwarded' | 'onError', told: Told): void => {
      const hook = given[name] as ((one: Told) => unknown) | undefined;
      if (hook === undefined) return;
      const telling = callHook(name, () => hook.call(given, told), use)
        .catch((error: unknown) => {
          const { code, message } = describeFailure(error);
          use.log.warn('hook.failed', { hook: name, code, message });
        })
        .finally(() => open.delete(telling));
      open.add(telling);
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await Promise.all(open);
    },
  };
}

/** Whatever it does not know, it must not pass over: it may be what was to be removed. */
function checkEdits(answer: unknown): HookEdits | undefined {
  if (answer === undefined) return undefined;
  const fault = wrongAnswer('processInstance', 'nothing, or { replace: { Tag: value }, remove: [Tag] }');
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw fault;
  const { replace, remove, ...others } = answer as Readonly<Record<string, unknown>>;
  const isRight =
    Object.keys(others).length === 0 &&
    (replace === undefined || (typeof replace === 'object' && replace !== null && !Array.isArray(replace))) &&
    (remove === undefined || (Array.isArray(remove) && remove.every((name) => typeof name === 'string')));
  if (!isRight) throw fault;
  for (const [name, value] of Object.entries(replace ?? {}))
    if (identityKeyword(name) !== undefined && typeof value !== 'string')
      throw wrongAnswer('processInstance', `text for ${name}`);
  return answer;
}

/** Writes the log of transfers, and tells the hook of each. */
export const tellingTransfers = (log: TransferLog, hooks: Pick<Hooks, 'tellForwarded'>): TransferLog => ({
  ...log,
  sent: (record) => {
    log.sent(record);
    hooks.tellForwarded(record);
  },
});
