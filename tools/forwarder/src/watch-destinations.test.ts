import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { watchDestinations } from './watch-destinations.ts';

const away = transientFailure('DESTINATION_UNREACHABLE', 'away', { scope: 'run' });

function scene(names: readonly string[]) {
  const [logged, passedOn]: [string[], string[]] = [[], []];
  const awaited = { count: 0 };
  const logAs = (level: string) => (event: string) => logged.push(`${level} ${event}`);
  let now = 0;
  const watch = watchDestinations(names, {
    log: { debug: logAs('debug'), info: logAs('info'), warn: logAs('warn') } as never,
    clock: { now: () => new Date((now += 1000)), sleep: () => Promise.resolve() },
    health: {
      listeners: { onEvent: (event) => passedOn.push(event), onTurn: () => undefined },
      awaitServer: () => {
        awaited.count += 1;
        return { [Symbol.dispose]: () => (awaited.count -= 1) };
      },
    },
  });
  return { watch, logged, passedOn, awaited };
}

describe('a destination that is down', () => {
  it('is told of once, however often it fails, and once when it is back', () => {
    const { watch, logged, passedOn } = scene(['a', 'b']);
    const a = watch.of('a');
    for (let time = 0; time < 3; time += 1) {
      a.onFault();
      a.onAway(away);
      a.onEvent('tool.paused', { reason: away.code, forMs: 1 });
    }
    expect(watch.stateOf('a')).toBe('down');
    expect(watch.note()).toBe('a is down (DESTINATION_UNREACHABLE)');
    a.onAnswer();
    a.onEvent('tool.resumed', { reason: 'answered' });
    expect(watch.note()).toBe('');
    expect(logged.filter((line) => !line.startsWith('debug'))).toEqual([
      'warn destination.down',
      'info destination.up',
    ]);
    expect(passedOn).toEqual([]);
  });

  it('makes the tool wait only when all are', () => {
    const { watch, awaited } = scene(['a', 'b']);
    watch.of('a').onAway(away);
    expect(awaited.count).toBe(0);
    watch.of('b').onAway(away);
    expect(awaited.count).toBe(1);
    watch.of('a').onAnswer();
    expect(awaited.count).toBe(0);
  });

  it('is not what is said when the inbox is away, or the hours are over', () => {
    const { watch, logged, passedOn } = scene(['a']);
    const a = watch.of('a');
    a.onEvent('tool.paused', { reason: 'ORTHANC_UNREACHABLE' });
    a.onEvent('tool.resumed', { reason: 'answered' });
    a.onEvent('tool.paused', { reason: 'schedule' });
    expect(passedOn).toEqual(['tool.paused', 'tool.resumed', 'tool.paused']);
    expect(logged).toEqual([]);
  });

  it('is served by its alternate', () => {
    const { watch } = scene(['a']);
    watch.of('a').onAlternate('B', away);
    expect([watch.stateOf('a'), watch.note()]).toEqual(['alternate', 'a goes by its alternate']);
    watch.of('a').onFirstWay('A');
    expect(watch.stateOf('a')).toBe('up');
  });
});
