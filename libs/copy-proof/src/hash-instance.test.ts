import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { hashInstance, haveSameContent } from './hash-instance.ts';

function orthancWith(pieces: readonly string[], failure?: Error): Orthanc {
  const openFile = () =>
    Promise.resolve({
      body: (async function* () {
        for (const piece of pieces) yield Buffer.from(await Promise.resolve(piece));
        if (failure) throw failure;
      })(),
    });
  return { instances: { openFile } } as unknown as Orthanc;
}

describe('hashInstance', () => {
  it('hashes the file, however it is cut into pieces', async () => {
    const md5 = createHash('md5').update('abcdef').digest('hex');
    expect(await hashInstance(orthancWith(['abcdef']), 'i')).toBe(md5);
    expect(await hashInstance(orthancWith(['a', 'bcd', 'ef']), 'i')).toBe(md5);
  });

  it('gives no hash of a part of the file', async () => {
    const lost = transientFailure('ORTHANC_CONNECTION_LOST', 'lost');
    await expect(hashInstance(orthancWith(['abc'], lost), 'i')).rejects.toBe(lost);
  });
});

describe('haveSameContent', () => {
  it('compares the files of both servers', async () => {
    expect(await haveSameContent(orthancWith(['ab', 'c']), orthancWith(['abc']), 'i')).toBe(true);
    expect(await haveSameContent(orthancWith(['abc']), orthancWith(['abd']), 'i')).toBe(false);
  });
});
