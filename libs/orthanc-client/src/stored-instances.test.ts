import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answerLengths } from './answer-lengths.ts';
import type { Ask, Question } from './ask.ts';
import { expandInstances } from './expand-instances.ts';
import { nameRefusal } from './name-refusal.ts';
import { findInstances } from './stored-instances.ts';

const idOf = (n: number) => `${String(n).padStart(8, '0')}-00000000-00000000-00000000-00000000`;
const info = (n: number, md5 = `md5-${String(n)}`) => ({
  CompressedSize: 50,
  ContentType: 1,
  UncompressedMD5: md5,
  UncompressedSize: String(1000 + n),
  Uuid: 'u',
});
const found = (n: number, more: Record<string, unknown> = {}) => ({
  ID: idOf(n),
  ParentSeries: idOf(7),
  Type: 'Instance',
  Attachments: [{ ...info(n), ContentType: 3 }, info(n)],
  ...more,
});

function answering(answer: (question: Question) => unknown): { ask: Ask; asked: Question[] } {
  const asked: Question[] = [];
  const ask: Ask = (question, parse) => {
    asked.push(question);
    return Promise.resolve().then(() => parse(answer(question)));
  };
  return { ask, asked };
}

/** An Orthanc that holds these instances. */
const telling = (instances: unknown[]) =>
  answering(({ content }) => {
    const { Since = 0, ResponseContent } = content as { Since?: number; ResponseContent?: unknown };
    return ResponseContent === undefined ? instances.map((_, n) => idOf(n)) : instances.slice(Since);
  });

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

interface Listing {
  readonly limit?: number;
  /** What else the Orthanc holds. */
  readonly beside?: number;
  readonly between?: (instances: number[], page: number) => void;
}

/** An Orthanc that tells at most `limit` at once, and in which `between` may change something before each page but the first. */
function listing(instances: number[], { limit = 5000, beside = 0, between }: Listing = {}) {
  let pages = 0;
  return answering(({ content }) => {
    const {
      Since = 0,
      Limit,
      ResponseContent,
    } = content as {
      Since?: number;
      Limit: number;
      ResponseContent?: unknown;
    };
    if (ResponseContent === undefined)
      return upTo(Math.min(Limit, limit, instances.length + beside)).map(idOf);
    if (pages > 0) between?.(instances, pages);
    pages += 1;
    if (pages > 5000) throw new Error('never ends');
    return instances.slice(Since, Since + Math.min(Limit, limit)).map((n) => found(n));
  });
}

describe('findInstances', () => {
  it('tells size and MD5 of the DICOM file, not of another attachment', async () => {
    const { ask, asked } = telling([found(1)]);
    expect(await findInstances(ask, { studyId: idOf(9) })).toEqual([
      { id: idOf(1), seriesId: idOf(7), size: 1001, md5: 'md5-1' },
    ]);
    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/tools/find',
      content: { Level: 'Instance', ParentStudy: idOf(9), ResponseContent: ['Attachments', 'Parent'] },
    });
  });

  it('knows no MD5 where the server keeps none', async () => {
    const { ask } = telling([{ ...found(1), Attachments: [info(1, '')] }]);
    expect((await findInstances(ask, {}))[0]).toMatchObject({ md5: undefined, fileUuid: 'u' });
  });

  it('reads page after page', async () => {
    const { ask, asked } = listing(upTo(12_000));
    expect(await findInstances(ask, {})).toHaveLength(12_000);
    // Beside them, how much the server tells at once.
    expect(asked).toHaveLength(3 + 1);
  });

  it.each([1, 2, 3, 11])('reads everything of a server that tells at most %d at once', async (limit) => {
    for (const held of [0, 1, 2, 3, 4, 11, 12, 25]) {
      const { ask } = listing(upTo(held), { limit });
      expect((await findInstances(ask, {})).map(({ id }) => id)).toEqual(upTo(held).map(idOf));
    }
  });

  it('asks once more only for what may have been cut', async () => {
    const lengths = answerLengths(() => 0);
    const requestsFor = async (held: number) => {
      const { ask, asked } = listing(upTo(held));
      expect(await findInstances(ask, {}, lengths)).toHaveLength(held);
      return asked.length;
    };
    expect([await requestsFor(0), await requestsFor(24)]).toEqual([2, 3]);
    expect([await requestsFor(23), await requestsFor(1), await requestsFor(0)]).toEqual([1, 1, 1]);
    expect([await requestsFor(24), await requestsFor(30)]).toEqual([3, 3]);
  });

  it('asks a server that holds more whether it cuts, beside the first page, and then never again for so many', async () => {
    const lengths = answerLengths(() => 0);
    const { ask, asked } = listing(upTo(30), { beside: 500 });
    const finding = findInstances(ask, {}, lengths);
    expect(asked.map(({ content }) => content)).toMatchObject([{ Limit: 5000 }, { Query: {}, Limit: 500 }]);
    expect(await finding).toHaveLength(30);
    expect(await findInstances(ask, {}, lengths)).toHaveLength(30);
    expect(asked).toHaveLength(3);
  });

  it('asks so for all who find at the same time', async () => {
    const lengths = answerLengths(() => 0);
    const { ask, asked } = listing(upTo(30), { beside: 500 });
    await Promise.all([1, 2, 3].map(() => findInstances(ask, {}, lengths)));
    expect(asked).toHaveLength(4);
  });

  it('asks once more for more than that', async () => {
    const lengths = answerLengths(() => 0);
    const { ask, asked } = listing(upTo(600), { beside: 500 });
    expect(await findInstances(ask, {}, lengths)).toHaveLength(600);
    expect(asked.map(({ content }) => content)).toMatchObject([
      { Limit: 5000 },
      { Query: {}, Limit: 500 },
      { Query: {}, Limit: 700 },
    ]);
  });

  it('fails with what hinders the question beside a page', async () => {
    const { ask } = answering(({ content }) => {
      if ((content as { ResponseContent?: unknown }).ResponseContent === undefined) throw new Error('no');
      return [found(1)];
    });
    await expect(findInstances(ask, {})).rejects.toThrow('no');
  });

  it('does not take a cut answer for whole, though what was cut off is deleted meanwhile', async () => {
    const { ask } = listing(upTo(31), {
      limit: 30,
      beside: 500,
      between: (instances, page) => void (page === 1 && instances.splice(3, 1)),
    });
    const told = (await findInstances(ask, {})).map(({ id }) => id);
    expect(told).toContain(idOf(30));
  });

  it('passes over none and tells each once, whatever is deleted and added anywhere meanwhile', async () => {
    const change = fc.record({ at: fc.nat(400), remove: fc.nat(12), add: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 2, max: 20 }),
        fc.array(change),
        async (count, limit, changes) => {
          let fresh = 1000;
          const { ask } = listing(upTo(count), {
            limit,
            between: (instances, page) => {
              const { at, remove, add } = changes[page - 1] ?? { at: 0, remove: 0, add: 0 };
              const where = at % (instances.length + 1);
              const kept = instances.splice(where, remove).filter((n) => n % 3 === 0);
              instances.splice(where, 0, ...kept, ...upTo(add).map(() => (fresh += 1)));
            },
          });
          const told = (await findInstances(ask, {})).map(({ id }) => id);
          expect(new Set(told).size).toBe(told.length);
          for (const n of upTo(count).filter((n) => n % 3 === 0)) expect(told).toContain(idOf(n));
        },
      ),
    );
  });

  it('tells an instance of which the server holds no file', async () => {
    const { ask } = telling([{ ...found(1), Attachments: [{ ...info(1), ContentType: 3 }] }, found(2)]);
    expect(await findInstances(ask, {})).toMatchObject([
      { id: idOf(1), seriesId: idOf(7), size: 0, md5: undefined, isWithoutFile: true },
      { id: idOf(2), size: 1002 },
    ]);
  });

  it('asks for several studies at once, and nothing for none', async () => {
    const { ask, asked } = answering(() => []);
    expect(await findInstances(ask, { studyUids: [] })).toEqual([]);
    expect(asked).toEqual([]);
    await findInstances(ask, { studyUids: ['1.2', '3.4'] });
    expect(asked[0]?.content).toMatchObject({ Query: { StudyInstanceUID: '1.2\\3.4' } });
  });

  it('asks for several instances by their UIDs in one request', async () => {
    const { ask, asked } = telling([found(1)]);
    expect(await findInstances(ask, { sopInstanceUids: [] })).toEqual([]);
    await findInstances(ask, { sopInstanceUids: ['1.2', '3.4'] });
    expect(asked[0]?.content).toMatchObject({ Query: { SOPInstanceUID: '1.2\\3.4' } });
  });

  it('adds identifiers and transfer syntax on request', async () => {
    const tags = { PatientID: 'P', StudyInstanceUID: '1', SeriesInstanceUID: '2', SOPInstanceUID: '3' };
    const more = { RequestedTags: tags, Metadata: { TransferSyntax: '1.2.840.10008.1.2.1' } };
    const { ask, asked } = telling([found(1, more)]);
    const [instance] = await findInstances(ask, { include: ['identifiers', 'transferSyntax'] });
    expect(instance).toMatchObject({
      identifiers: { patientId: 'P', studyUid: '1', seriesUid: '2', sopInstanceUid: '3' },
      transferSyntax: '1.2.840.10008.1.2.1',
    });
    expect(asked[0]?.content).toMatchObject({
      RequestedTags: expect.arrayContaining(['PatientID']) as unknown,
    });
  });

  it.each([
    ['an entry without a list of files', [{ ...found(1), Attachments: undefined }]],
    ['an entry without an identifier', [{ ...found(1), ID: 'x' }]],
    ['a size that is no number', [{ ...found(1), Attachments: [{ ...info(1), UncompressedSize: 'x' }] }]],
    ['an object', {}],
  ])('takes %s for unreadable', async (_, answer) => {
    const { ask } = answering(() => answer);
    await expect(findInstances(ask, {})).rejects.toMatchObject({ name: 'UnreadableAnswer' });
  });
});

describe('expandInstances', () => {
  const notFound = nameRefusal(
    { status: 404, headers: {}, body: '' },
    { server: 's', call: { what: 'w', effect: 'nothing' } },
  );

  it('tells the same with an older Orthanc', async () => {
    const { ask } = answering(({ path }) =>
      path.includes('?expand')
        ? [1, 2, 3, 4, 5, 6].map((n) => ({ ID: idOf(n), ParentSeries: idOf(7) }))
        : info(Number(/instances\/0*(\d+)-/.exec(path)?.[1])),
    );
    const instances = await expandInstances(ask, idOf(9));
    expect(instances.toSorted((a, b) => a.size - b.size)).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => ({
        id: idOf(n),
        seriesId: idOf(7),
        size: 1000 + n,
        md5: `md5-${String(n)}`,
      })),
    );
  });

  it("leaves out what was deleted since it was listed, by Orthanc's own word", async () => {
    const { ask } = answering(({ path, content }) => {
      if (path.includes('?expand')) return [1, 2].map((n) => ({ ID: idOf(n), ParentSeries: idOf(7) }));
      if (path === '/tools/bulk-content')
        return (content as { Resources: string[] }).Resources.includes(idOf(1)) ? [] : [{ ID: idOf(9) }];
      if (path.includes(idOf(1))) throw notFound;
      return info(2);
    });
    expect((await expandInstances(ask, idOf(9))).map(({ id }) => id)).toEqual([idOf(2)]);
  });

  it('tells an instance of which the server holds no file', async () => {
    const { ask } = answering(({ path }) => {
      if (path.includes('?expand')) return [{ ID: idOf(1), ParentSeries: idOf(7) }];
      if (path.endsWith('/attachments')) return ['dicom-as-json'];
      throw notFound;
    });
    expect(await expandInstances(ask, idOf(9))).toEqual([
      { id: idOf(1), seriesId: idOf(7), size: 0, md5: undefined, isWithoutFile: true },
    ]);
  });

  it.each([
    ['the instance is still there', [{ ID: idOf(9) }], undefined],
    ['the instance still has its file', [{ ID: idOf(9) }], ['dicom']],
  ])('never takes "not found" for deleted while %s', async (_, parents, attachments) => {
    const { ask } = answering(({ path }) => {
      if (path.includes('?expand')) return [{ ID: idOf(1), ParentSeries: idOf(7) }];
      if (path === '/tools/bulk-content') return parents;
      if (path.endsWith('/attachments') && attachments) return attachments;
      throw notFound;
    });
    await expect(expandInstances(ask, idOf(9))).rejects.toBe(notFound);
  });

  it('believes that a study is gone only when Orthanc itself knows no such study', async () => {
    const gone = answering(({ path }) => {
      if (path === '/tools/bulk-content') return [];
      throw notFound;
    });
    expect(await expandInstances(gone.ask, idOf(9))).toEqual([]);
    const behindProxy = answering(() => {
      throw notFound;
    });
    await expect(expandInstances(behindProxy.ask, idOf(9))).rejects.toBe(notFound);
    const stillThere = answering(({ path }) => {
      if (path === '/tools/bulk-content') return [{ ID: idOf(9) }];
      throw notFound;
    });
    await expect(expandInstances(stillThere.ask, idOf(9))).rejects.toBe(notFound);
  });
});
