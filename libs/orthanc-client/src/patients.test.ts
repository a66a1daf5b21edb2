import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { patientsOf } from './patients.ts';
import type { ResourceFacts } from './resources.ts';

interface Manner {
  readonly searchesForEach?: boolean;
  readonly findsProtection?: boolean;
}

type Answer = (value: unknown) => unknown;

/**
 * A server with these patients, whose PatientIDs are made from their identifiers. Where one is asked about who is not there
 * it says only "wrong". Writes down who was asked about how.
 */
function knowing(
  held: Readonly<Record<string, boolean>>,
  { searchesForEach = false, findsProtection = false }: Manner,
) {
  const asked = { alone: [] as string[], together: [] as string[], byPatientId: [] as string[] };
  const questions: number[] = [];
  const find = ({ Query, Since }: { Query: { PatientID: string }; Since: number }) => {
    const wanted = Query.PatientID.split('\\');
    if (Since === 0) {
      asked.byPatientId.push(...wanted);
      questions.push(wanted.length);
    }
    // One by one, as a server with a small `LimitFindResults` tells them.
    return Object.keys(held)
      .filter((id) => wanted.includes(`PID ${id}`))
      .slice(Since, Since + 1)
      .map((id) => ({ ID: id, ...(findsProtection && { IsProtected: held[id] }) }));
  };
  const ask = ((question: { path: string; content?: Parameters<typeof find>[0] }, parse: Answer) => {
    if (question.content !== undefined) return Promise.resolve(parse(find(question.content)));
    const id = question.path.split('/')[2] ?? '';
    asked.alone.push(id);
    const isProtected = held[id];
    return isProtected === undefined
      ? Promise.reject(permanentFailure('ORTHANC_REFUSED', 'Parameter out of range'))
      : Promise.resolve(parse(isProtected ? '1' : '0'));
  }) as unknown as Ask;
  const facts = (_level: string, ids: readonly string[]) => {
    asked.together.push(...ids);
    const there = ids.filter((id) => id in held);
    return Promise.resolve(there.map((id) => ({ id, isProtected: held[id] }) as ResourceFacts));
  };
  const known = () => Promise.resolve({ searchesForEach, findsProtection });
  return { asked, questions, patients: patientsOf(ask, { facts }, known) };
}

const idOf = (digit: string): string => Array(5).fill(digit.repeat(8)).join('-');
const [one, other, gone] = [idOf('1'), idOf('2'), idOf('3')] as const;
const held = { [one]: true, [other]: false };
const told = new Map(Object.entries(held));

describe('who is protected', () => {
  it('is asked by one question for all', async () => {
    const { asked, patients } = knowing(held, {});
    expect(await patients.protection([one, other, gone])).toEqual(told);
    expect(asked).toEqual({ alone: [], together: [one, other, gone], byPatientId: [] });
  });

  it('is asked one by one where all would be searched for, and whoever is not there once more together', async () => {
    const { asked, patients } = knowing(held, { searchesForEach: true });
    expect(await patients.protection([one, other, gone])).toEqual(told);
    expect(asked).toEqual({ alone: [one, other, gone], together: [gone], byPatientId: [] });
  });
});

describe('who is protected, of patients whose PatientID is known,', () => {
  const named = (id: string, patientId: string | undefined = `PID ${id}`) => ({ id, patientId });
  const manner = { searchesForEach: true, findsProtection: true };

  it('is asked by one question for all, also where each would be searched for', async () => {
    const { asked, patients } = knowing(held, manner);
    expect(await patients.protectionOf([named(one), named(other)])).toEqual(told);
    expect(asked).toEqual({ alone: [], together: [], byPatientId: [`PID ${one}`, `PID ${other}`] });
  });

  it('is asked of some at a time: each that is named makes each that is found dearer', async () => {
    const { questions, patients } = knowing({}, manner);
    await patients.protectionOf(Array.from({ length: 120 }, (_, n) => named(idOf('4'), `PID ${String(n)}`)));
    expect(questions).toEqual([50, 50, 20]);
  });

  it.each([
    ['is not found by it', `PID ${gone}`],
    ['has one that Orthanc takes for a pattern', 'PID*'],
    ['has one that Orthanc takes for several', `PID ${one}\\PID ${other}`],
    ['has none', ''],
    ['has none that is known', undefined],
  ])('is asked by the identifier where one %s', async (_what, patientId) => {
    const { asked, patients } = knowing(held, manner);
    expect(await patients.protectionOf([{ id: one, patientId }, named(other)])).toEqual(told);
    expect(asked.alone).toEqual([one]);
    expect(asked.byPatientId.filter((asking) => asking.includes('*') || asking === '')).toEqual([]);
  });

  it('is asked by the identifier where Orthanc does not tell it of several', async () => {
    const { asked, patients } = knowing(held, { searchesForEach: true });
    expect(await patients.protectionOf([named(one), named(other)])).toEqual(told);
    expect(asked).toEqual({ alone: [one, other], together: [], byPatientId: [] });
  });

  it('is not known of who is not there', async () => {
    const { patients } = knowing(held, manner);
    expect(await patients.protectionOf([named(gone)])).toEqual(new Map());
  });
});

describe('all who are protected', () => {
  /** Tells so many at a time; `counts` is how many it says there are. */
  const listing = (pageSize: number, counts: number) => {
    const asked: string[] = [];
    const ask = ((
      { path, content: { Since = 0 } }: { path: string; content: { Since?: number } },
      parse: Answer,
    ) => {
      asked.push(path);
      const answer =
        path === '/tools/find'
          ? Object.entries(held)
              .slice(Since, Since + pageSize)
              .map(([ID, IsProtected]) => ({ ID, IsProtected }))
          : { Count: counts };
      return Promise.resolve(parse(answer));
    }) as unknown as Ask;
    const known = (findsProtection: boolean) => () =>
      Promise.resolve({ searchesForEach: false, findsProtection });
    const open = (findsProtection = true) =>
      patientsOf(ask, { facts: () => Promise.resolve([]) }, known(findsProtection));
    return { asked, open };
  };
  const all = async (pages: AsyncGenerator<readonly string[]>): Promise<string[]> => {
    const found: string[] = [];
    for await (const page of pages) found.push(...page);
    return found;
  };

  it('are told by one page, and how many there are beside it', async () => {
    const { asked, open } = listing(10, 2);
    expect(await all(open().protectedOnes())).toEqual([one]);
    expect(asked).toEqual(['/tools/count-resources', '/tools/find']);
  });

  it.each([
    ['tells fewer at a time', 1, 2],
    ['has more since', 10, 3],
  ])('are told to their end by a server that %s', async (_what, pageSize, counts) => {
    const { open } = listing(pageSize, counts);
    expect(await all(open().protectedOnes())).toEqual([one]);
  });

  it('are none where Orthanc does not tell of them', async () => {
    const { asked, open } = listing(10, 2);
    expect(await all(open(false).protectedOnes())).toEqual([]);
    expect(asked).toEqual([]);
  });
});
