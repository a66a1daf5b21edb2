import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { FoundTags, Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { describe, expect, it } from '@jest/globals';
import { patientFind, persistence } from './persistence.ts';

const slow = transientFailure('ORTHANC_NO_ANSWER', 'no answer came in time');
const gatewayTimeout = transientFailure('ORTHANC_SERVER_ERROR', 'answered 504');
const unreachable = transientFailure('ORTHANC_UNREACHABLE', 'nobody answers', { scope: 'run' });
const silent = transientFailure('DESTINATION_NO_ANSWER', 'gave no answer', {
  facts: { destination: 'pacs' },
});
const refused = permanentFailure('INSTANCE_REFUSED', 'refuses', { facts: { destination: 'pacs' } });

interface Scene {
  /** What comes of one question after the other; the last of them again and again. */
  readonly outcomes: readonly (Error | FoundTags[])[];
  /** Whether Orthanc answers for itself. */
  readonly isThere?: boolean;
}

/** An Orthanc that answers so, and a clock on which no pause takes time. */
function scene({ outcomes, isThere = true }: Scene) {
  let asked = 0;
  const pauses: number[] = [];
  const logged: string[] = [];
  const logAs = (event: string) => void logged.push(event);
  const answer = () => {
    const outcome = outcomes[Math.min(asked, outcomes.length - 1)] ?? [];
    asked += 1;
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const orthanc = {
    modalities: { find: answer },
    system: () => (isThere ? Promise.resolve({}) : Promise.reject(unreachable)),
  } as unknown as Orthanc;
  const context = {
    clock: { now: () => new Date(0), sleep: (ms: number) => Promise.resolve(void pauses.push(ms)) },
    log: { info: logAs, warn: logAs },
    health: {
      awaitServer: () => ({ [Symbol.dispose]: () => undefined }),
      listeners: { onTurn: () => undefined },
    },
    signal: new AbortController().signal,
  } as unknown as RunContext;
  const patience = { orthanc, context, maxRetries: 3 };
  return {
    pauses,
    logged,
    answer,
    asked: () => asked,
    patience,
    find: patientFind({ ...patience, alias: 'pacs' }),
  };
}

describe('a C-FIND', () => {
  it.each([slow, gatewayTimeout, silent])(
    'that fails while Orthanc answers is given up: $code',
    async (why) => {
      const { find, asked } = scene({ outcomes: [why] });
      await expect(find('Study', {})).rejects.toMatchObject({ code: why.code, scope: 'item' });
      expect(asked()).toBe(4);
    },
  );

  it('is asked as long as Orthanc itself is away', async () => {
    const outcomes = [...Array.from({ length: 20 }, () => slow), []];
    const { find, asked } = scene({ outcomes, isThere: false });
    expect(await find('Study', {})).toEqual([]);
    expect(asked()).toBe(21);
  });

  it('that is refused for good is asked once, and others as patiently as before', async () => {
    const { find, asked, pauses } = scene({ outcomes: [refused, silent, silent, []] });
    await expect(find('Study', {})).rejects.toMatchObject({ kind: 'permanent', scope: 'item' });
    expect(pauses).toEqual([]);
    expect(await find('Study', {})).toEqual([]);
    expect(asked()).toBe(4);
  });
});

describe('a modality that is away', () => {
  it('is asked once for each question, after a pause, until it answers again', async () => {
    const { find, pauses } = scene({ outcomes: [silent, silent, silent, silent, silent, silent, [], []] });
    for (let question = 1; question <= 3; question += 1) await find('Study', {}).catch(() => undefined);
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000]);
    await find('Study', {});
    await find('Study', {});
    expect(pauses.slice(5)).toEqual([16_000]);
  });

  it('is told of once, and once that it answers again', async () => {
    const away = [silent, silent, silent, silent, silent, []];
    const { find, logged } = scene({ outcomes: [...away, [], silent, []] });
    for (let question = 1; question <= 5; question += 1) await find('Study', {}).catch(() => undefined);
    expect(logged).toEqual(['query.failed', 'query.answered', 'query.failed', 'query.answered']);
  });

  it('is not paused for without end', async () => {
    const { find, pauses } = scene({ outcomes: [silent] });
    for (let question = 1; question <= 500; question += 1) await find('Study', {}).catch(() => undefined);
    const paused = pauses.reduce((sum, ms) => sum + ms, 0);
    expect(paused).toBeGreaterThan(3_500_000);
    expect(paused).toBeLessThan(3_700_000);
  });
});

describe('a question to Orthanc', () => {
  it('that it never answers, though it answers others, fails alone', async () => {
    const { patience, answer, asked } = scene({ outcomes: [gatewayTimeout] });
    await expect(persistence(patience)(answer)).rejects.toMatchObject({ scope: 'item' });
    expect(asked()).toBe(4);
  });

  it('waits for it while it is away', async () => {
    const { patience, answer } = scene({
      outcomes: [slow, slow, slow, slow, slow, slow, []],
      isThere: false,
    });
    expect(await persistence(patience)(answer)).toEqual([]);
  });
});
