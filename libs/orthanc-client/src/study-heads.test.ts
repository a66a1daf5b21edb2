import { describe, expect, it } from '@jest/globals';
import type { Ask } from './ask.ts';
import { headsAlike, headsOfPage } from './study-heads.ts';

const idOf = (n: number) => `${String(n).padStart(8, '0')}-00000000-00000000-00000000-00000000`;
const told = (n: number) => ({
  ID: idOf(n),
  MainDicomTags: { StudyInstanceUID: `1.${String(n)}` },
  Series: [idOf(100 + n)],
  ParentPatient: idOf(200),
  PatientMainDicomTags: {},
});
const head = (n: number, uid?: string) => ({ id: idOf(n), uid: uid ?? `1.${String(n)}`, seriesIds: [] });
const numbers = (heads: readonly { id: string }[]) => heads.map(({ id }) => Number(id.slice(0, 8)));

/** A server that tells these by a search, and others only by their identifiers. */
function server(byFind: readonly number[], byId: readonly number[]) {
  const asked: [string, unknown][] = [];
  const ask: Ask = ({ path, content }, parse) => {
    asked.push([path, content]);
    const { Resources: ids = [] } = content as { Resources?: string[] };
    const answer = path === '/tools/find' ? byFind : byId.filter((n) => ids.includes(idOf(n)));
    return Promise.resolve(parse(answer.map(told)));
  };
  return { ask, asked };
}

describe('the heads of a page', () => {
  it('are asked for by the range of the page, and alone only what that does not tell', async () => {
    const { ask, asked } = server([3, 4, 9], [5, 6]);
    const page = { ids: [3, 4, 5, 7].map(idOf), next: 14, isLast: false };
    const heads = await headsOfPage(page, { ask, hasExtendedFind: true });
    expect(numbers(heads)).toEqual([3, 4, 5]);
    expect(heads[0]).toMatchObject({ uid: '1.3', seriesIds: [idOf(103)] });
    expect(asked).toEqual([
      ['/tools/find', expect.objectContaining({ Level: 'Study', Query: {}, Since: 10, Limit: 4 })],
      ['/tools/bulk-content', expect.objectContaining({ Resources: [idOf(5), idOf(7)] })],
    ]);
  });

  it('are asked for by identifiers where the server has no other way', async () => {
    const { ask, asked } = server([], [1, 2]);
    const page = { ids: [1, 2].map(idOf), next: 2, isLast: true };
    expect(numbers(await headsOfPage(page, { ask, hasExtendedFind: false }))).toEqual([1, 2]);
    expect(asked.map(([path]) => path)).toEqual(['/tools/bulk-content']);
  });

  it('are none where nothing is in the page', async () => {
    const { ask, asked } = server([], []);
    expect(await headsOfPage({ ids: [], next: 0, isLast: true }, { ask, hasExtendedFind: true })).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('what a server knows of the studies of another', () => {
  it('is asked for by UIDs, and by identifiers where these say nothing or are no plain ones', async () => {
    // The fifth has the UID of the first, and another patient.
    const { ask, asked } = server([1, 5], [2, 3]);
    const heads = await headsAlike([head(1), head(2), head(3, '1.*'), head(4)], {
      ask,
      hasExtendedFind: true,
    });
    expect(numbers(heads)).toEqual([1, 2, 3]);
    expect(asked).toEqual([
      ['/tools/find', expect.objectContaining({ Query: { StudyInstanceUID: '1.1\\1.2\\1.4' } })],
      ['/tools/bulk-content', expect.objectContaining({ Resources: [idOf(2), idOf(3), idOf(4)] })],
    ]);
  });
});
