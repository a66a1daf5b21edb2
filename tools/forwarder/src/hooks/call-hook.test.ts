import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@orthanc-tools/scheduling';
import { callHook } from './call-hook.ts';

const settings = { clock: systemClock, timeoutMs: 60_000 };

describe('a hook', () => {
  it('may answer now or later', async () => {
    expect(await callHook('filterStudy', () => true, settings)).toBe(true);
    expect(await callHook('filterStudy', () => Promise.resolve(false), settings)).toBe(false);
  });

  it.each([
    [() => Promise.reject(new TypeError('Doe^John has no file'))],
    [
      () => {
        throw new TypeError('Doe^John has no file');
      },
    ],
  ])('that throws is told by its place, and not by what it said', async (hook) => {
    const failure = await callHook('processInstance', hook, settings).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'permanent', code: 'HOOK_FAILED' });
    expect(String(failure)).toMatch(
      /The hook processInstance threw TypeError at \S+call-hook\.test\.ts:\d+\.$/,
    );
    expect(JSON.stringify(failure)).not.toContain('Doe');
    expect((failure as Error).cause).toBeUndefined();
  });

  it('may throw anything', async () => {
    const hook = (): Promise<boolean> => Promise.reject('Doe^John' as unknown as Error);
    await expect(callHook('filterStudy', hook, settings)).rejects.toThrow(
      'The hook filterStudy threw something that is no error (string).',
    );
  });

  it('that does not answer is not waited for for ever', async () => {
    const clock = { sleep: () => Promise.resolve() };
    const never = () => new Promise<boolean>(() => undefined);
    await expect(callHook('filterStudy', never, { clock, timeoutMs: 5000 })).rejects.toMatchObject({
      kind: 'transient',
      code: 'HOOK_TIMED_OUT',
      message: 'The hook filterStudy has not answered within 5 s.',
    });
  });
});
