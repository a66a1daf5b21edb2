import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ask } from './ask.ts';
import { eachStudyPage, parentsOf, readStudyUid } from './studies.ts';

const idOf = (n: number) => `${String(n).padStart(8, '0')}-00000000-00000000-00000000-00000000`;

/** An Orthanc's list of studies, in which `between` may change something before each page but the first. */
function listing(
  studies: number[],
  between: (studies: number[], page: number) => void = () => undefined,
  most = Infinity,
) {
  let pages = 0;
  const asked: string[] = [];
  const ask: Ask = ({ path }, parse) => {
    if (pages > 0) between(studies, pages);
    pages += 1;
    asked.push(path);
    if (pages > 5000) throw new Error('never ends');
    const [, since, limit] = (/since=(\d+)&limit=(\d+)/.exec(path) ?? []).map(Number);
    return Promise.resolve(parse(studies.slice(since, (since ?? 0) + Math.min(limit ?? 0, most)).map(idOf)));
  };
  return { ask, asked };
}

async function told(ask: Ask, pageSize: number, from = 0): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of eachStudyPage(ask, { pageSize, from })) ids.push(...page.ids);
  return ids;
}
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('eachStudyPage', () => {
  it.each([0, 1, 9, 10, 11, 25])('tells each of %d studies once', async (count) => {
    expect(await told(listing(upTo(count)).ask, 10)).toEqual(upTo(count).map(idOf));
  });

  it.each([1, 2, 3, 9])('tells everything of a server that tells at most %d at once', async (most) => {
    for (const count of [0, 1, 3, 4, 10, 25])
      expect(await told(listing(upTo(count), undefined, most).ask, 10)).toEqual(upTo(count).map(idOf));
  });

  it('goes on where it was left', async () => {
    const pages: number[] = [];
    for await (const { next } of eachStudyPage(listing(upTo(25)).ask, { pageSize: 10 })) pages.push(next);
    expect(pages).toEqual([10, 19, 25]);
    expect(await told(listing(upTo(25)).ask, 10, 19)).toEqual(upTo(25).slice(19).map(idOf));
  });

  it('passes over no study when earlier ones are deleted meanwhile', async () => {
    const { ask } = listing(upTo(100), (studies, page) => {
      if (page === 2) studies.splice(0, 7);
    });
    expect(new Set(await told(ask, 10))).toEqual(new Set(upTo(100).map(idOf)));
  });

  it('passes over no study, whatever is deleted and added anywhere', async () => {
    const change = fc.record({ at: fc.nat(400), remove: fc.nat(30), add: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(120),
        fc.integer({ min: 2, max: 20 }),
        fc.array(change),
        async (count, pageSize, changes) => {
          const stays = new Set(upTo(count).filter((n) => n % 3 === 0));
          let fresh = 1000;
          const { ask } = listing(upTo(count), (studies, page) => {
            const { at, remove, add } = changes[page - 1] ?? { at: 0, remove: 0, add: 0 };
            const where = at % (studies.length + 1);
            const removed = studies.splice(where, remove);
            const kept = removed.filter((n) => stays.has(n));
            studies.splice(where, 0, ...kept, ...upTo(add).map(() => (fresh += 1)));
          });
          const seen = new Set(await told(ask, pageSize));
          for (const n of stays) expect(seen).toContain(idOf(n));
        },
      ),
    );
  });
});

describe('parentsOf', () => {
  it('tells each study once and asks nothing for nothing', async () => {
    let asked: unknown;
    const ask: Ask = ({ content }, parse) => {
      asked = content;
      return Promise.resolve(parse([{ ID: idOf(1) }, { ID: idOf(2) }, { ID: idOf(1) }]));
    };
    expect(await parentsOf(ask, [], { level: 'Study' })).toEqual([]);
    expect(asked).toBeUndefined();
    expect(await parentsOf(ask, [idOf(7)], { level: 'Study' })).toEqual([idOf(1), idOf(2)]);
    expect(asked).toEqual({ Resources: [idOf(7)], Level: 'Study', Metadata: false, Short: true });
  });
});

describe('readStudyUid', () => {
  it('reads it from the main tags', async () => {
    const ask: Ask = (_, parse) => Promise.resolve(parse({ MainDicomTags: { StudyInstanceUID: '1.2.3' } }));
    expect(await readStudyUid(ask, idOf(1))).toBe('1.2.3');
  });
});
