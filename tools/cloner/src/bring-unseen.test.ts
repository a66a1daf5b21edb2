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
  const way = {
    memory,
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
  return { named, visit };
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
