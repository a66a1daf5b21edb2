import { describe, expect, it } from '@jest/globals';
import { askBulkContent } from './bulk-content.ts';
import { connectOrthanc } from './orthanc.ts';
import { sayJson, scriptedServer } from './scripted-server.ts';

describe('askBulkContent', () => {
  it('asks for one level, and for no more than is wanted', async () => {
    const asked: unknown[] = [];
    const ask = ((question: unknown, parse: (value: unknown) => unknown) => {
      asked.push(question);
      return Promise.resolve(parse([]));
    }) as Parameters<typeof askBulkContent>[0];
    await askBulkContent(ask, { ids: ['a'], level: 'Study', isShort: true }, (value) => value);
    expect(asked).toMatchObject([
      { content: { Resources: ['a'], Level: 'Study', Metadata: false, Short: true } },
    ]);
  });

  it.each([
    ['something was deleted meanwhile', 3, 'transient', 'ORTHANC_CHANGED_MEANWHILE'],
    ['Orthanc refuses for another reason', 8, 'permanent', 'ORTHANC_REFUSED'],
  ])('tells when %s', async (_, orthancStatus, kind, code) => {
    await using server = await scriptedServer((_request, response) => {
      sayJson(response, { OrthancStatus: orthancStatus, OrthancError: 'Parameter out of range' }, 400);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.resources.facts('Study', ['a'])).rejects.toMatchObject({ kind, code });
  });
});
