import { describe, expect, it } from '@jest/globals';
import type { Facts } from '@orthanc-tools/telemetry';
import { watchHealth } from './health.ts';

function watched() {
  const [notes, logged]: [string[], string[]] = [[], []];
  const logAs = (level: string) => (event: string) => logged.push(`${level} ${event}`);
  const health = watchHealth({
    log: { debug: logAs('debug'), info: logAs('info'), warn: logAs('warn') } as never,
    metrics: { setPaused: () => undefined } as never,
    signal: new AbortController().signal,
    note: (text) => notes.push(text),
  });
  return { notes, logged, health, pause: (facts: Facts) => health.listeners.onEvent('tool.paused', facts) };
}

describe('what a person sees of a pause', () => {
  it('names the server fault, and warns of it', () => {
    const { health, notes, logged, pause } = watched();
    pause({ reason: 'ORTHANC_UNREACHABLE' });
    expect(notes.at(-1)).toBe('paused: waiting for a server (ORTHANC_UNREACHABLE)');
    expect(logged).toEqual(['warn tool.paused']);
    health.listeners.onEvent('tool.resumed', { reason: 'answered' });
    expect(notes.at(-1)).toBe('');
  });

  it('warns of each fault once, until the servers have answered', () => {
    const { health, logged, pause } = watched();
    const [away, full] = [
      { reason: 'ORTHANC_UNREACHABLE', message: 'a' },
      { reason: 'FULL', message: 'b' },
    ];
    for (const fault of [away, away, full, away]) pause({ ...fault, forMs: logged.length });
    expect(logged).toEqual([
      ...['warn tool.paused', 'debug tool.paused', 'warn tool.paused', 'debug tool.paused'],
    ]);
    health.listeners.onEvent('tool.resumed', { reason: 'answered' });
    pause(away);
    expect(logged.slice(4)).toEqual(['info tool.resumed', 'warn tool.paused']);
  });

  it('tells when the hours begin', () => {
    const { notes, logged, pause } = watched();
    pause({ reason: 'schedule', opensAt: '2026-11-24T19:00:00.000Z' });
    expect(notes.at(-1)).toBe('paused: outside the hours, until 2026-11-24T19:00:00.000Z');
    expect(logged).toEqual(['info tool.paused']);
  });

  it('tells that a server is waited for', () => {
    const { health, notes } = watched();
    health.awaitServer()[Symbol.dispose]();
    expect(notes).toEqual(['paused: waiting for a server', '']);
  });
});
