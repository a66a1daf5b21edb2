import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDestinationsFile } from './read-destinations-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'processing-'));
  await writeFile(join(folder, 'key'), 'a secret of some length\n');
  await writeFile(join(folder, 'short'), 'short');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string) {
  const path = join(folder, 'file.yml');
  await writeFile(path, content);
  return readDestinationsFile(path, undefined);
}

const one = (more: string) => `destinations: [{ name: a, target: A, ${more} }]\n`;
const profile = (body: string) => `destinations: [{ name: a, target: A }]\nprofiles: { x: { ${body} } }\n`;

describe('a destinations file that orders changes on the way', () => {
  it('may name the key for pseudonyms, and what becomes of identifiers', async () => {
    const { profiles } = await read(
      profile('anonymize: { Keep: [StudyDate] }, identifiers: keep, keyFile: key'),
    );
    expect(profiles.get('x')).toEqual({
      kind: 'anonymize',
      body: { Keep: ['StudyDate'] },
      identifiers: 'keep',
      key: 'a secret of some length',
    });
  });

  it.each([
    [one('transcode: 1.2.840.10008.1.2.4.50'), 'destinations[0].transcode loses a part of the image'],
    [one('transcode: 1.2.3'), 'destinations[0].transcode is no transfer syntax that Orthanc can write'],
    [
      one('mode: transfer, transcode: 1.2.840.10008.1.2.1'),
      'destinations[0].mode sends only what is stored: with profile or transcode, take peering',
    ],
    [
      one('alternate: { target: B, mode: transfer }, transcode: 1.2.840.10008.1.2.1'),
      'destinations[0].alternate.mode sends only what is stored',
    ],
    [
      profile('modify: { KeepSource: true }'),
      'line 2, column 40: profiles.x.modify.KeepSource is nothing that',
    ],
    [profile('modify: { Remove: [PatientID] }'), 'profiles.x.modify.Remove cannot name PatientID'],
    [
      profile('anonymize: {}, keyFile: none'),
      'profiles.x.keyFile names the file "none", which cannot be read: ENOENT',
    ],
    [profile('anonymize: {}, keyFile: short'), 'profiles.x.keyFile holds fewer than 16 characters'],
    [profile('anonymize: {}, identifiers: random'), 'profiles.x must hold either anonymize or modify'],
  ])('is refused by the place of what is wrong: %j', async (content, sentence) => {
    await expect(read(content)).rejects.toThrow(sentence);
  });
});
