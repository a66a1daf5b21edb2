import { describe, expect, it } from '@jest/globals';
import { type Failure, permanentFailure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type UnseenWay, bringUnseen } from './bring-unseen.ts';
import type { StudyMemory } from './study-memory.ts';

const instance: StoredInstance = {
  id: 'one',
  seriesId: 'series',
  size: 1000,
  md5: 'md5',
  identifiers: { patientId: 'P', studyUid: '1.2', seriesUid: '1.2.3', sopInstanceUid: '1.2.3.4' },
};

function notebook(): StudyMemory & { readonly notes: Map<string, string> } {
  const notes = new Map<string, string>();
  return {
    notes,
    remember: (_, parts) => {
      for (const { part, note } of parts) notes.set(part, note);
    },
    forget: (_, parts) => {
      for (const part of parts) notes.delete(part);
    },
    remembered: () => [...notes].map(([part, note]) => ({ part, note })),
    flush: () => undefined,
  };
}

interface Scene {
  readonly memory?: StudyMemory;
  readonly sendAlone?: () => Promise<Failure | undefined>;
  readonly begin?: () => Promise<string | undefined>;
  readonly jobs?: Partial<UnseenWay['jobs']>;
}

/** A destination that names what is in `named`. */
function openWay({ memory = notebook(), sendAlone, begin, jobs = {} }: Scene) {
  const named = new Set<string>();
  const passes = { now: '0' };
  const way = {
    memory,
    pass: () => passes.now,
    rewrites: true,
    source: { findInstances: () => Promise.resolve([instance]) },
    sending: { begin: begin ?? (() => Promise.resolve('job')), probe: () => Promise.resolve() },
    jobs: { finish: () => Promise.resolve(), resume: () => Promise.resolve(true), ...jobs },
    sendAlone: sendAlone ?? (() => Promise.resolve(undefined)),
    witness: {
      kind: 'c-find',
      probe: () => Promise.resolve('image'),
      held: () => Promise.resolve(new Map([...named].map((uid) => [uid, [{}]]))),
    },
    // As much of a source as this way asks for.
  } as unknown as UnseenWay;
  const visit = async (attempt: number) => {
    const claim: Claim = { key: 'study', attempt, generation: 1, crashes: 0, mark: '', priority: 0 };
    const hand = { signal: new AbortController().signal, observe: () => undefined } as unknown as Hand;
    const [study] = await bringUnseen(way).bring([claim], hand);
    return study?.conclude();
  };
  const proveAgain = () => (passes.now = '1');
  return { named, visit, proveAgain };
}

/** One that has taken the image, and names it. */
async function withOneProved() {
  const scene = openWay({
    begin: () => {
      scene.named.add('1.2.3.4');
      return Promise.resolve('job');
    },
  });
  expect(await scene.visit(1)).toMatchObject({ proved: { 'c-find': 1 } });
  return scene;
}

describe('bringing to a destination that can only be asked for names', () => {
  it('does not take for its own what somebody else stored under the name of a refused image', async () => {
    const { named, visit } = openWay({
      sendAlone: () => {
        named.add('1.2.3.4');
        return Promise.resolve(permanentFailure('DESTINATION_REFUSED', 'No.'));
      },
    });
    const first = await visit(5);
    expect(first).toMatchObject({ proved: {}, accepted: 0, pending: [] });
    expect(first?.exceptions).toEqual([{ part: 'one', code: 'DESTINATION_REFUSED', message: 'No.' }]);
    expect(await visit(1)).toMatchObject({ proved: {}, accepted: 1, exceptions: [] });
  });

  it('keeps what it has proved, until that is to be proved again: then the name may be of anything', async () => {
    const { visit, proveAgain } = await withOneProved();
    expect(await visit(1)).toMatchObject({ proved: { 'c-find': 1 }, copied: 0 });
    proveAgain();
    expect(await visit(1)).toMatchObject({ proved: {}, accepted: 1, pending: [] });
  });

  it('does not take for its own what comes back after it was gone', async () => {
    const { named, visit } = await withOneProved();
    named.clear();
    expect(await visit(1)).toMatchObject({ proved: {}, pending: ['one'] });
    named.add('1.2.3.4');
    expect(await visit(1)).toMatchObject({ proved: {}, accepted: 1 });
  });

  it('proves by its name what it had to send again', async () => {
    const { named, visit, proveAgain } = await withOneProved();
    proveAgain();
    named.clear();
    expect(await visit(5)).toMatchObject({ pending: ['one'] });
    named.add('1.2.3.4');
    expect(await visit(1)).toMatchObject({ proved: { 'c-find': 1 } });
  });

  it('still proves what a process proved that was killed before it was recorded', async () => {
    const memory = notebook();
    const dying = openWay({
      begin: () => {
        dying.named.add('1.2.3.4');
        return Promise.resolve('job');
      },
      memory: {
        ...memory,
        remember: (key, parts) => {
          const noted = [...parts];
          if (noted.some(({ part, note }) => part === 'absent' && note === '')) throw new Error('killed');
          memory.remember(key, noted);
        },
      },
    });
    await expect(dying.visit(1)).rejects.toThrow('killed');
    const next = openWay({ memory });
    next.named.add('1.2.3.4');
    expect(await next.visit(1)).toMatchObject({ proved: { 'c-find': 1 } });
    expect(memory.notes.get('absent')).toBe('');
  });

  // Otherwise whoever comes next could hold an earlier job for the one that carries them.
  it('forgets the job before, before it notes which images the next one carries', async () => {
    const memory = notebook();
    const dying = openWay({
      memory: {
        ...memory,
        remember: (key, parts) => {
          const noted = [...parts];
          memory.remember(key, noted);
          if (noted.some(({ part }) => part === 'underway')) throw new Error('killed');
        },
      },
    });
    await expect(dying.visit(1)).rejects.toThrow('killed');
    expect(memory.notes.get('job')).toBe('{}');
  });
});
