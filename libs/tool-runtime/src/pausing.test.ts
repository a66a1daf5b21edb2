import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { listenForPausing } from './pausing.ts';

describe('a run', () => {
  it('rests at SIGUSR2 and goes on at SIGCONT, each told once', () => {
    const source = new EventEmitter();
    const told: boolean[] = [];
    using pausing = listenForPausing(source, (isOn) => void told.push(isOn));
    let changes = 0;
    using listening = pausing.onChange(() => (changes += 1));
    expect(pausing.isOn).toBe(false);
    source.emit('SIGUSR2');
    source.emit('SIGUSR2');
    expect(pausing.isOn).toBe(true);
    source.emit('SIGCONT');
    expect(pausing.isOn).toBe(false);
    expect(told).toEqual([true, false]);
    listening[Symbol.dispose]();
    source.emit('SIGUSR2');
    expect(changes).toBe(2);
  });

  it('leaves the signals alone when it has ended', () => {
    const source = new EventEmitter();
    listenForPausing(source)[Symbol.dispose]();
    expect(source.listenerCount('SIGUSR2') + source.listenerCount('SIGCONT')).toBe(0);
  });
});
