import { describe, expect, it } from '@jest/globals';
import { configurationError, transientFailure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import { chooseWay } from './choose-way.ts';
import type { OpenRoute } from './open-route.ts';

const away = transientFailure('DESTINATION_UNREACHABLE', 'away', { scope: 'run' });
const { signal } = new AbortController();

/** Ways by name; `probe` tells whether the first one answers, and a sleep ends when the test says so. */
function scene({ alternate = true, inbox = true, isAlone = true } = {}) {
  const events: string[] = [];
  const state = { isUp: true, left: Infinity, at: 0 };
  let wake: () => void = () => undefined;
  const clock: Clock = {
    now: () => new Date(state.at),
    sleep: (_ms, aborted) =>
      new Promise((resolve) => {
        wake = resolve;
        aborted?.addEventListener('abort', () => resolve());
      }),
  };
  const way = (name: string) => ({
    name,
    route: { probe: () => (state.isUp ? Promise.resolve() : Promise.reject(away)) } as unknown as OpenRoute,
  });
  const choice = chooseWay({
    first: way('first'),
    alternate: alternate ? way('alternate') : undefined,
    isAlone,
    clock,
    isAllThatIsLeft: (units) => units.size >= state.left,
    isInboxAway: () => Promise.resolve(!inbox),
    onAlternate: ({ code }) => events.push(`alternate: ${code}`),
    onFirstWay: () => events.push('first'),
    onFault: () => undefined,
    onAway: () => events.push('away'),
    onAnswer: () => undefined,
    random: () => 0,
  });
  const work = () =>
    choice.through(
      async ({ name }) => {
        await Promise.resolve();
        if (name === 'first' && !state.isUp) throw away;
        return name;
      },
      { signal },
    );
  return {
    state,
    events,
    choice,
    work,
    wake: async () => {
      wake();
      await new Promise(setImmediate);
    },
  };
}

const nameOf = (promise: Promise<string>) =>
  promise.catch((error: unknown) => (error as { code: string }).code);

describe('the way to a destination', () => {
  it('is the first one while that answers, and after a fault that passes', async () => {
    const { work, state, events } = scene();
    expect(await work()).toBe('first');
    state.isUp = false;
    expect([await nameOf(work()), await nameOf(work())]).toEqual([away.code, away.code]);
    state.isUp = true;
    expect(await work()).toBe('first');
    state.isUp = false;
    expect(await nameOf(work())).toBe(away.code);
    expect(events).toEqual([]);
  });

  it('is the alternate from the third fault in a row until the first one answers again', async () => {
    const { work, wake, state, events } = scene();
    state.isUp = false;
    const names = [await nameOf(work()), await nameOf(work()), await nameOf(work()), await nameOf(work())];
    expect(names).toEqual([away.code, away.code, 'alternate', 'alternate']);
    await wake();
    expect(await work()).toBe('alternate');
    state.isUp = true;
    await wake();
    expect(await work()).toBe('first');
    expect(events).toEqual(['alternate: DESTINATION_UNREACHABLE', 'first']);
  });

  it('is left again at the first fault after its return', async () => {
    const { work, wake, state } = scene();
    state.isUp = false;
    for (let time = 0; time < 3; time += 1) await nameOf(work());
    state.isUp = true;
    await wake();
    state.isUp = false;
    expect(await work()).toBe('alternate');
  });

  it.each(['DESTINATION_FULL', 'ORTHANC_STORAGE_FULL'])(
    'is left for minutes where it answers and is full (%s)',
    async (code) => {
      const { choice, wake, work, state, events } = scene();
      const full = transientFailure(code, 'It is full.', { scope: 'run' });
      const sendInto = ({ name }: { name: string }) =>
        name === 'first' ? Promise.reject(full) : Promise.resolve(name);
      expect(await choice.through(sendInto, { signal })).toBe('alternate');
      await wake();
      expect(await work()).toBe('alternate');
      state.at = 300_000;
      await wake();
      expect(await work()).toBe('first');
      expect(events).toEqual([`alternate: ${code}`, 'first']);
    },
  );

  it('takes what fails at the same time for one fault', async () => {
    const { work, state } = scene();
    state.isUp = false;
    const names = await Promise.all([1, 2, 3, 4].map(() => nameOf(work())));
    expect(new Set(names)).toEqual(new Set([away.code]));
  });

  it('is told to be away from the third fault in a row, where there is no alternate', async () => {
    const { work, state, events } = scene({ alternate: false });
    state.isUp = false;
    for (let time = 0; time < 2; time += 1) await nameOf(work());
    expect(events).toEqual([]);
    expect(await nameOf(work())).toBe(away.code);
    expect(events).toEqual(['away']);
  });

  it('stays the first one when it is the inbox that is away', async () => {
    const { work, state, events } = scene({ inbox: false });
    state.isUp = false;
    for (let time = 0; time < 5; time += 1) expect(await nameOf(work())).toBe(away.code);
    expect(events).toEqual([]);
  });

  it.each([
    ['ends the run when there is no other destination', true, 'configuration'],
    ['passes, for the others, where there are several', false, 'transient'],
  ])('that refuses us %s', async (_, isAlone, kind) => {
    const { choice } = scene({ alternate: false, isAlone });
    const refused = configurationError('ORTHANC_UNAUTHORIZED', 'no');
    const failed = choice.through(() => Promise.reject(refused), { signal });
    await expect(failed).rejects.toMatchObject({ code: 'ORTHANC_UNAUTHORIZED', kind, scope: 'run' });
  });

  it('is not blamed for a ledger that cannot be written', async () => {
    const { choice } = scene({ isAlone: false });
    const failed = choice.through(() => Promise.reject(configurationError('LEDGER_DISK_FULL', 'no')), {
      signal,
    });
    await expect(failed).rejects.toMatchObject({ kind: 'configuration' });
  });

  it.each([
    ['answers', true, 'item'],
    ['does not answer', false, 'run'],
  ])('is asked before an item is blamed: it %s', async (_, isUp, scope) => {
    const { choice, state } = scene({ alternate: false });
    state.isUp = isUp;
    const failed = choice.through(() => Promise.reject(transientFailure('NO_ANSWER', 'none')), { signal });
    await expect(failed).rejects.toMatchObject({ code: 'NO_ANSWER', scope });
  });

  describe('that answers, and by which unit after unit fails', () => {
    const full = transientFailure('DESTINATION_OUT_OF_RESOURCES', 'full');
    const failing = (choice: ReturnType<typeof scene>['choice'], unit: string) =>
      choice
        .through(() => Promise.reject(full), { signal, unit })
        .catch((error: unknown) => (error as { scope: string }).scope);

    it('is at fault from the fourth unit on, until it takes something', async () => {
      const { choice, events } = scene({ alternate: false });
      const scopes = [];
      for (const unit of ['a', 'a', 'b', 'a', 'c']) scopes.push(await failing(choice, unit));
      expect([...new Set(scopes), choice.yieldsForMs()]).toEqual(['item', undefined]);
      expect([await failing(choice, 'd'), await failing(choice, 'a')]).toEqual(['run', 'run']);
      expect([choice.yieldsForMs(), events.at(-1)]).toEqual([40_000, 'away']);
      expect(['a', 'b'].map((unit) => choice.yieldsForMs(unit))).toEqual([320_000, 40_000]);
      await expect(choice.through(() => Promise.reject(full), { signal })).rejects.toBe(full);
      await choice.through((way) => Promise.resolve(choice.noteTaken(way)), { signal, unit: 'e' });
      expect([choice.yieldsForMs(), await failing(choice, 'a')]).toEqual([undefined, 'item']);
    });

    it('is not at fault where nothing else is left, and each of them has failed alone again and again', async () => {
      const { choice, state } = scene({ alternate: false });
      const units = ['a', 'b', 'c', 'd'];
      const scopes = [];
      for (let times = 0; times < 5; times += 1)
        for (const unit of units) scopes.push(await failing(choice, unit));
      expect([scopes.slice(0, 3), new Set(scopes.slice(3))]).toEqual([
        ['item', 'item', 'item'],
        new Set(['run']),
      ]);
      state.left = units.length;
      expect(await failing(choice, 'a')).toBe('item');
      await choice.through((way) => Promise.resolve(choice.noteTaken(way)), { signal, unit: 'e' });
      for (const unit of units) await failing(choice, unit);
      expect(await failing(choice, 'a')).toBe('run');
    });

    it.each([
      ['a job that has failed at the inbox', 'JOB_FAILED'],
      ['what is too large for the room that it has left', 'DESTINATION_LACKS_ROOM'],
    ])('is not at fault for %s', async (_, code) => {
      const { choice } = scene({ alternate: false });
      const failed = transientFailure(code, 'failed');
      for (const unit of ['a', 'b', 'c', 'd'])
        await expect(choice.through(() => Promise.reject(failed), { signal, unit })).rejects.toBe(failed);
      expect(choice.yieldsForMs()).toBeUndefined();
    });

    it('is left for the alternate, and not taken again only because it answers', async () => {
      const { choice, events, wake } = scene();
      for (const unit of ['a', 'b', 'c']) await failing(choice, unit);
      const work = ({ name }: { name: string }) =>
        name === 'first' ? Promise.reject(full) : Promise.resolve(name);
      expect(await choice.through(work, { signal, unit: 'd' })).toBe('alternate');
      await wake();
      expect(await choice.through(work, { signal, unit: 'e' })).toBe('alternate');
      expect(events).toEqual(['alternate: DESTINATION_OUT_OF_RESOURCES']);
    });
  });
});
