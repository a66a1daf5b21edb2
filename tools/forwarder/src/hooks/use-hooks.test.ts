import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@orthanc-tools/scheduling';
import { createLogger } from '@orthanc-tools/telemetry';
import type { ForwarderHooks } from '../../types/hooks.d.ts';
import { useHooks } from './use-hooks.ts';

const lines: string[] = [];
const log = await createLogger({
  level: 'info',
  format: 'json',
  write: (line) => {
    lines.push(line);
  },
  redact: [],
});
const use = (given: object) =>
  useHooks(given as ForwarderHooks, { log, clock: systemClock, timeoutMs: 60_000 });
const instance = { destination: 'd', id: 'i', seriesId: 's', studyId: 't', size: 1, tags: {} };

describe('hooks in use', () => {
  it.each(['yes', 1, undefined, null])('filter by true and false, not by %p', async (answer) => {
    await expect(use({ filterInstance: () => answer }).filterInstance?.(instance)).rejects.toMatchObject({
      code: 'HOOK_ANSWER_INVALID',
    });
  });

  it.each([undefined, {}, { replace: { PatientID: 'X' } }, { remove: ['PatientName'] }])(
    'change what they say: %j',
    async (answer) => {
      expect(await use({ processInstance: () => answer }).processInstance?.(instance)).toBe(answer);
    },
  );

  it.each([
    null,
    true,
    [],
    { Replace: {} },
    { remove: 'PatientName' },
    { replace: [] },
    { remove: [1] },
    { replace: { PatientID: 1 } },
    { replace: { '0010-0020': null } },
  ])('change nothing that cannot be understood: %j', async (answer) => {
    await expect(use({ processInstance: () => answer }).processInstance?.(instance)).rejects.toMatchObject({
      code: 'HOOK_ANSWER_INVALID',
    });
  });

  it('are told, are waited for at the end, and do no harm', async () => {
    const told: unknown[] = [];
    const failure = { unit: 'u', destination: 'd', code: 'X', message: 'x', attempt: 1 };
    {
      await using hooks = use({
        onError: async (one: unknown) => {
          await Promise.resolve();
          told.push(one);
        },
        onForwarded: () => {
          throw new Error('Doe^John');
        },
      });
      hooks.tellError(failure);
      hooks.tellForwarded({
        unit: 'u',
        destination: 'd',
        via: 'v',
        proved: 1,
        unproved: 0,
        proof: 'image',
        attempt: 1,
      });
    }
    expect(told).toEqual([failure]);
    expect(lines.join('')).toContain('hook.failed');
    expect(lines.join('')).not.toContain('Doe');
  });

  it('are called as methods of what holds them', async () => {
    const given = {
      wanted: true,
      filterInstance() {
        return this.wanted;
      },
    };
    expect(await use(given).filterInstance?.(instance)).toBe(true);
  });
});
