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
  return { url: 'http://one', instances: { openFile } } as unknown as Orthanc;
}

describe('hashInstance', () => {
  it('hashes the file, however it is cut into pieces', async () => {
    const md5 = createHash('md5').update('abcdef').digest('hex');
    expect(await hashInstance(orthancWith(['abcdef']), { id: 'i' })).toBe(md5);
    expect(await hashInstance(orthancWith(['a', 'bcd', 'ef']), { id: 'i' })).toBe(md5);
  });

  it('gives no hash of a part of the file', async () => {
    const lost = transientFailure('ORTHANC_CONNECTION_LOST', 'lost');
    await expect(hashInstance(orthancWith(['abc'], lost), { id: 'i' })).rejects.toBe(lost);
  });
});

describe('haveSameContent', () => {
  it('compares the files of both servers', async () => {
    const file = { id: 'i', size: 3 };
    expect(await haveSameContent([orthancWith(['ab', 'c']), file], [orthancWith(['abc']), file])).toBe(true);
    expect(await haveSameContent([orthancWith(['abc']), file], [orthancWith(['abd']), file])).toBe(false);
  });

  // A proxy that ends an answer by closing the connection tells nobody that it was cut.
  it.each([
    ['cut at one of them', ['abc'], ['ab']],
    ['cut alike at both', ['ab'], ['a', 'b']],
    ['longer than both say', ['abcd'], ['abcd']],
  ])('compares no file that is %s', async (_, here, there) => {
    const file = { id: 'i', size: 3 };
    const comparing = haveSameContent([orthancWith(here), file], [orthancWith(there), file]);
    await expect(comparing).rejects.toMatchObject({ kind: 'transient', code: 'FILE_OF_ANOTHER_SIZE' });
  });
});
