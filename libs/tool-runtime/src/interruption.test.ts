import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { listenForInterruption } from './interruption.ts';

function scene() {
  const exits: number[] = [];
  const told: string[] = [];
  let nowMs = 0;
  const source = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const interruption = listenForInterruption({
    source,
    nowMs: () => nowMs,
    onFirst: (signal) => told.push(signal),
  });
  const send = (signal: string, atMs: number) => {
    nowMs = atMs;
    source.emit(signal, signal);
  };
  return { source, interruption, exits, told, send };
}

describe('listenForInterruption', () => {
  it.each(['SIGTERM', 'SIGINT'])('aborts at the first %s and ends at the second', (signal) => {
    const { interruption, exits, told, send } = scene();
    expect(interruption.signal.aborted).toBe(false);
    send(signal, 0);
    expect([interruption.signal.aborted, exits, told]).toEqual([true, [], [signal]]);
    send('SIGINT', 1000);
    expect([exits, told]).toEqual([[130], [signal]]);
  });

  it('takes the echo of a signal for the same one', () => {
    const { exits, send } = scene();
    send('SIGINT', 0);
    send('SIGINT', 3);
    send('SIGTERM', 999);
    expect(exits).toEqual([]);
  });

  it('leaves no listener behind', () => {
    const { source, interruption } = scene();
    interruption[Symbol.dispose]();
    expect([source.listenerCount('SIGTERM'), source.listenerCount('SIGINT')]).toEqual([0, 0]);
  });
});
