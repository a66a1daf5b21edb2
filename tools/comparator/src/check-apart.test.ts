import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { describe, expect, it } from '@jest/globals';
import { haveOneAddress, lookApart, refuseItself } from './check-apart.ts';

const own = {
  aet: 'ARCHIVE',
  name: 'archive',
  dicomPort: 4242,
  httpPort: 8042,
  databaseIdentifier: 'a1',
} as const;

interface Told {
  readonly url?: string;
  readonly facts?: object;
  readonly pacs?: { readonly aet: string; readonly host: string; readonly port: number };
  readonly settings?: () => Promise<never>;
}

const orthancOf = ({ url = 'http://archive:8042/', facts = {}, pacs, settings }: Told) =>
  ({
    url,
    system: () => Promise.resolve({ ...own, ...facts }),
    modalities: {
      settings: settings ?? (() => Promise.resolve(pacs === undefined ? [] : [{ alias: 'pacs', ...pacs }])),
    },
  }) as unknown as Orthanc;

const { signal } = new AbortController();
const beside = (other: Told) =>
  lookApart({ orthanc: orthancOf({}), other: orthancOf(other), modality: undefined, signal });
const through = (told: Told) =>
  lookApart({ orthanc: orthancOf(told), other: undefined, modality: 'pacs', signal });

describe('an Orthanc that is to be compared with itself', () => {
  it('is refused by its address alone', () => {
    const orthanc = orthancOf({});
    expect(() => refuseItself(haveOneAddress({ orthanc, other: orthancOf({}) }))).toThrow(
      /--dest-url \(DEST_URL\) and --orthanc-url \(ORTHANC_URL\) lead to one Orthanc/,
    );
    expect(haveOneAddress({ orthanc, other: orthancOf({ url: 'http://other:8042/' }) })).toBeUndefined();
    expect(haveOneAddress({ orthanc, other: undefined })).toBeUndefined();
  });

  it('is seen under another address by what it tells of itself', async () => {
    expect(await beside({ url: 'http://localhost:8042/' })).toMatchObject({ isCertain: false });
    expect(await beside({ url: 'http://other:8042/', facts: { databaseIdentifier: 'b2' } })).toBeUndefined();
  });

  it('is seen also where it becomes another to itself meanwhile', async () => {
    let asked = 0;
    const changing = {
      ...orthancOf({}),
      system: () => Promise.resolve({ ...own, databaseIdentifier: (asked += 1) === 1 ? 'a0' : 'a1' }),
    } as unknown as Orthanc;
    const ends = { orthanc: changing, other: changing, modality: undefined, signal };
    expect(await lookApart(ends)).toMatchObject({ isCertain: false });
  });

  it.each([
    ['localhost', 'ARCHIVE', 4242, true],
    ['archive', 'ARCHIVE', 4242, false],
    ['10.0.0.7', 'ARCHIVE', 4242, false],
    ['localhost', 'PACS', 4242, false],
  ])('is seen behind a modality: %s, %s, %i', async (host, aet, port, isCertain) => {
    expect(await through({ pacs: { host, aet, port } })).toMatchObject({
      isCertain,
      found: expect.stringContaining('--modality (MODALITY): pacs'),
    });
  });

  it.each([
    ['10.0.0.7', 'PACS', 4242],
    ['10.0.0.7', 'ARCHIVE', 104],
    ['localhost', 'ARCHIVE', 4243],
  ])('is not seen in a PACS: %s, %s, %i', async (host, aet, port) => {
    expect(await through({ pacs: { host, aet, port } })).toBeUndefined();
  });

  it('is not looked for where Orthanc does not tell of its modalities', async () => {
    const refused = permanentFailure('ORTHANC_REFUSED', 'no');
    expect(await through({ settings: () => Promise.reject(refused) })).toBeUndefined();
    const away = transientFailure('ORTHANC_BUSY', 'not now');
    await expect(through({ settings: () => Promise.reject(away) })).rejects.toBe(away);
  });
});
