import { expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { concludeStudy } from './conclude-study.ts';
import type { Crossing } from './study-view.ts';

const stored = (id: string): StoredInstance => ({
  ...{ id, sopInstanceUid: `1.${id}`, seriesUid: '1', seriesId: 's', size: 10, md5: `md5-${id}` },
});
const hollow = (id: string): StoredInstance => ({
  ...stored(id),
  ...({ size: 0, md5: undefined, isWithoutFile: true } as const),
});

/** Nothing has to be asked for a study of which nothing is missing. */
const crossing = { lanes: { carrier: {} }, signal: new AbortController().signal } as unknown as Crossing;

it.each([
  ['source', [hollow('a'), stored('b')], [stored('a'), stored('b')], 'FILE_MISSING_AT_SOURCE'],
  ['destination', [stored('a'), stored('b')], [hollow('a'), stored('b')], 'FILE_MISSING_AT_DESTINATION'],
])('names an instance of which the %s has lost the file', async (_, here, there, code) => {
  const view = { studyId: 'a-study', head: undefined, here, there, missing: [] };
  const outcome = await concludeStudy(view, { after: there, failure: undefined }, crossing);
  expect(outcome).toMatchObject({
    proved: { 'id+md5': 1 },
    exceptions: [{ part: 'a', code }],
    pending: [],
  });
});
