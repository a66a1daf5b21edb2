import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { patientsOf } from './patients.ts';
import type { ResourceFacts } from './resources.ts';

/** A server with these patients, which says only "wrong" of others where one is asked about; and who was asked about how. */
function knowing(held: Readonly<Record<string, boolean>>, searchesForEach: boolean) {
  const asked = { alone: [] as string[], together: [] as string[] };
  const ask = ((question: { readonly path: string }, parse: (value: unknown) => unknown) => {
    const id = question.path.split('/')[2] ?? '';
    asked.alone.push(id);
    const isProtected = held[id];
    return isProtected === undefined
      ? Promise.reject(permanentFailure('ORTHANC_REFUSED', 'Parameter out of range'))
      : Promise.resolve(parse(isProtected ? '1' : '0'));
  }) as Ask;
  const facts = (_level: string, ids: readonly string[]) => {
    asked.together.push(...ids);
    const there = ids.filter((id) => id in held);
    return Promise.resolve(there.map((id) => ({ id, isProtected: held[id] }) as ResourceFacts));
  };
  return { asked, patients: patientsOf(ask, { facts }, () => Promise.resolve(searchesForEach)) };
}

const held = { one: true, other: false };
const told = new Map(Object.entries(held));

describe('who is protected', () => {
  it('is asked by one question for all', async () => {
    const { asked, patients } = knowing(held, false);
    expect(await patients.protection(['one', 'other', 'gone'])).toEqual(told);
    expect(asked).toEqual({ alone: [], together: ['one', 'other', 'gone'] });
  });

  it('is asked one by one where all would be searched for, and whoever is not there once more together', async () => {
    const { asked, patients } = knowing(held, true);
    expect(await patients.protection(['one', 'other', 'gone'])).toEqual(told);
    expect(asked).toEqual({ alone: ['one', 'other', 'gone'], together: ['gone'] });
  });
});
