import { describe, expect, it } from '@jest/globals';
import { type Failure, asFailure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { type SystemFacts, noOutages } from '@orthanc-tools/orthanc-client';
import { createLogger } from '@orthanc-tools/telemetry';
import { persistently } from './persistently.ts';

async function scene(failures: readonly Failure[], { isAway = false } = {}) {
  const ending = new AbortController();
  const pauses: number[] = [];
  const turns: number[] = [];
  const left = [...failures];
  const action = (): Promise<string> => {
    const failure = left.shift();
    return failure === undefined ? Promise.resolve('stored') : Promise.reject(failure);
  };
  const clock = {
    now: () => new Date(0),
    sleep: (ms: number) => Promise.resolve(void pauses.push(ms)),
  };
  const log = await createLogger({ level: 'silent', format: 'json' });
  const health = {
    listeners: { onEvent: () => undefined, onTurn: (ms: number) => void turns.push(ms) },
    awaitServer: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const system = () => (isAway ? Promise.reject(busy()) : Promise.resolve({} as SystemFacts));
  const suspects = { servers: [{ url: 'http://orthanc/', system }], outages: noOutages() };
  const context = { clock, signal: ending.signal, log, health };
  const run = (maxRetries: number) => persistently(action, { maxRetries, suspects, context });
  return { run, pauses, turns, ending };
}

const busy = (retryAfterMs?: number) => transientFailure('ORTHANC_BUSY', 'Busy.', { retryAfterMs });

describe('an upload that fails', () => {
  it('is tried again after growing pauses', async () => {
    const { run, pauses } = await scene([busy(), busy(), busy()]);
    expect(await run(5)).toBe('stored');
    expect(pauses).toEqual([500, 1000, 2000]);
  });

  it('waits at least as long as the server asks', async () => {
    const { run, pauses } = await scene([busy(7000)]);
    await run(5);
    expect(pauses).toEqual([7000]);
  });

  it('is given up after the last retry', async () => {
    const { run, pauses } = await scene([busy(), busy(), busy()]);
    await expect(run(2)).rejects.toMatchObject({ code: 'ORTHANC_BUSY' });
    expect(pauses).toHaveLength(2);
  });

  it('is the fault of the run where the server answers nothing else either', async () => {
    const there = await scene([busy(), busy()]);
    expect(asFailure(await there.run(1).catch((error: unknown) => error))?.scope).toBe('item');
    const away = await scene([busy(), busy()], { isAway: true });
    expect(asFailure(await away.run(1).catch((error: unknown) => error))?.scope).toBe('run');
  });

  it('tells before each pause that the next turn comes after it', async () => {
    const { run, pauses, turns } = await scene([busy(), busy(3_600_000)]);
    await run(5);
    expect(turns.map((ms, at) => ms > (pauses[at] ?? Infinity))).toEqual([true, true]);
  });

  it('is not tried again where it would fail again, or when the run is to end', async () => {
    const refused = await scene([permanentFailure('INSTANCE_REFUSED', 'No.')]);
    await expect(refused.run(5)).rejects.toMatchObject({ code: 'INSTANCE_REFUSED' });
    expect(refused.pauses).toEqual([]);
    const interrupted = await scene([busy()]);
    interrupted.ending.abort();
    await expect(interrupted.run(5)).rejects.toMatchObject({ code: 'ORTHANC_BUSY' });
  });
});
