import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import { compareContents } from './compare-contents.ts';
import { symbols } from './item.ts';
import type { Level, SideContent, SideSeries } from './side.ts';

interface Series extends Partial<SideSeries> {
  readonly images?: Readonly<Record<string, string>>;
}

/** By Series Instance UID; the images with their MD5. */
function content(series: Readonly<Record<string, Series>>): SideContent {
  const all = Object.entries(series).map(([uid, { images = {}, ...more }]): [string, SideSeries] => [
    uid,
    {
      tags: {},
      ...more,
      instances: new Map(
        Object.entries(images).map(([sop, md5]) => [sop, { tags: {}, orthancId: `${sop}@${md5}`, md5 }]),
      ),
    },
  ]);
  return { series: new Map(all), mayBeCut: false };
}

const study = { studyInstanceUid: '1', studyDate: '20240101' };

function compared(level: Level, here: SideContent, there: SideContent, attributes: readonly string[] = []) {
  const depth = { level, attributes: byLevel(attributes) };
  const { items, ...more } = compareContents({ depth, study, here, there, tellsAll: false });
  const shortly = items.map((item) =>
    [symbols[item.state], item.sopInstanceUid ?? item.seriesInstanceUid, item.code, item.instances]
      .filter((part) => part !== undefined)
      .join(' '),
  );
  return { items: shortly, ...more };
}

describe('two contents of a study', () => {
  it('that are the same have no items', () => {
    const same = content({ '1.1': { images: { a: 'x', b: 'y' } }, '1.2': { images: { c: 'z' } } });
    expect(compared('Instance', same, same)).toMatchObject({ items: [], common: 3 });
  });

  it('are told apart by the largest whole that is missing', () => {
    const here = content({ '1.1': { images: { a: 'x', b: 'y' } }, '1.2': { images: { c: 'z' } } });
    const there = content({ '1.1': { images: { b: 'y', d: 'w' } }, '1.3': { images: { e: 'v' } } });
    expect(compared('Instance', here, there).items).toEqual(['+ a', '- d', '+ 1.2 1', '- 1.3 1']);
    expect(compared('Series', here, there).items).toEqual(['+ 1.2 1', '- 1.3 1']);
  });

  it('at level Hash leave files to be looked at whose MD5 differ, or are not known', () => {
    const here = content({ '1.1': { images: { a: 'x', b: 'y' } } });
    const there = content({ '1.1': { images: { a: 'x', b: 'z' } } });
    const { items, doubtful } = compared('Hash', here, there);
    expect(items).toEqual([]);
    expect(doubtful.map(({ hereId, thereId }) => [hereId, thereId])).toEqual([['b@y', 'b@z']]);
  });

  it('count what a cut answer does not name', () => {
    const here = content({ '1.1': { images: { a: 'x' } } });
    const there = content({ '1.1': { images: { a: 'x' }, told: 3, mayBeCut: true } });
    expect(compared('Instance', here, there).items).toEqual(['- 1.1 NOT_NAMED 2']);
  });

  it('are in doubt where an answer may be cut and no number is told', () => {
    const here = content({ '1.1': { images: { a: 'x' } } });
    const cut = (images: Readonly<Record<string, string>>) => content({ '1.1': { images, mayBeCut: true } });
    expect(compared('Instance', here, cut({ a: 'x', b: 'y' })).items).toEqual(['- b', '! 1.1 MAY_BE_CUT']);
    expect(compared('Instance', here, cut({ a: 'x' })).items).toEqual([]);
  });

  it('are compared by attributes of series where that is wanted', () => {
    const here = content({ '1.1': { tags: { Modality: 'CT', SeriesDescription: 'A' } } });
    const there = content({ '1.1': { tags: { Modality: 'MR' } } });
    const { items, untold } = compared('Series', here, there, ['Modality', 'SeriesDescription']);
    expect(items).toEqual(['* 1.1 ATTRIBUTES_DIFFER']);
    expect([...untold]).toEqual([['SeriesDescription', 1]]);
  });
});
