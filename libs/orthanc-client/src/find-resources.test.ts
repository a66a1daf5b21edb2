import { describe, expect, it } from '@jest/globals';
import type { Ask } from './ask.ts';
import { findResources } from './find-resources.ts';

const idOf = (n: number) => `${String(n).padStart(8, '0')}-00000000-00000000-00000000-00000000`;

/** An Orthanc that tells at most `most` resources at once. */
function holding(resources: number, most: number) {
  const contents: Record<string, unknown>[] = [];
  const ask: Ask = ({ content }, parse) => {
    const { Since: since = 0, Limit: limit } = content as { Since?: number; Limit: number };
    contents.push(content as Record<string, unknown>);
    const page = Array.from({ length: resources }, (_, at) => ({
      ID: idOf(at),
      ParentStudy: idOf(1000 + at),
      Instances: [idOf(2000 + at)],
      RequestedTags: { SeriesInstanceUID: `1.2.${String(at)}`, Sequence: [] },
    })).slice(since, since + Math.min(limit, most));
    return Promise.resolve(parse(page));
  };
  return { ask, contents };
}

const query = {
  level: 'Series',
  match: { StudyDate: '20240101' },
  tell: ['SeriesInstanceUID'],
  isLean: true,
} as const;

describe('resources', () => {
  it.each([
    [0, 10],
    [7, 10],
    [10, 10],
    [25, 10],
    [3, 1],
  ])('are all %d found where %d are told at once', async (resources, most) => {
    const found = await findResources(holding(resources, most).ask, query);
    expect(found.map(({ id }) => id)).toEqual(Array.from({ length: resources }, (_, at) => idOf(at)));
  });

  it('are told with parent and texts, without what is no text', async () => {
    const [found] = await findResources(holding(1, 10).ask, query);
    expect(found).toEqual({
      id: idOf(0),
      parentId: idOf(1000),
      childIds: [idOf(2000)],
      tags: { SeriesInstanceUID: '1.2.0' },
    });
  });

  it('are asked for in the way that the server knows', async () => {
    const { ask, contents } = holding(1, 10);
    await findResources(ask, { ...query, withChildren: true });
    expect(contents.shift()).toMatchObject({ ResponseContent: ['Parent', 'Children'] });
    contents.length = 0;
    await findResources(ask, { ...query, withMetadata: true });
    expect(contents.shift()).toMatchObject({ ResponseContent: ['Parent', 'Metadata', 'Labels'] });
    contents.length = 0;
    await findResources(ask, { ...query, isLean: false });
    expect(contents[0]).toMatchObject({ Level: 'Series', Query: query.match, Expand: true });
    expect(contents[0]).not.toHaveProperty('ResponseContent');
  });
});
