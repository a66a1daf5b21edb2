import { transientFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { type Patience, patiently } from './patiently.ts';

const away = transientFailure('ORTHANC_UNREACHABLE', 'nobody answers');
const busy = transientFailure('ORTHANC_BUSY', 'comes up');

/** Asks a server of which this comes, one after the other; gives what was logged. */
async function logged(...outcomes: readonly (Error | string)[]): Promise<string[]> {
  const lines: string[] = [];
  const left = [...outcomes];
  await patiently(
    () => {
      const outcome = left.shift();
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
    {
      clock: { sleep: () => Promise.resolve() },
      log: {
        info: (event: string) => void lines.push(event),
        warn: (event: string, facts: { code?: unknown } = {}) =>
          void lines.push(`${event} ${String(facts.code)}`),
      },
      health: {
        awaitServer: () => ({ [Symbol.dispose]: () => undefined }),
        listeners: { onTurn: () => undefined },
      },
      signal: new AbortController().signal,
    } as unknown as Patience,
  );
  return lines;
}

describe('a server that is waited for', () => {
  it('is told of once, and once that it answers', async () => {
    expect(await logged(away, away, away, away, 'here')).toEqual([
      'server.waited_for ORTHANC_UNREACHABLE',
      'server.answered',
    ]);
  });

  it('is told of again where the reason is another one', async () => {
    expect(await logged(away, away, busy, busy, 'here')).toEqual([
      'server.waited_for ORTHANC_UNREACHABLE',
      'server.waited_for ORTHANC_BUSY',
      'server.answered',
    ]);
  });

  it('needs no word where it answers at once', async () => {
    expect(await logged('here')).toEqual([]);
  });
});
