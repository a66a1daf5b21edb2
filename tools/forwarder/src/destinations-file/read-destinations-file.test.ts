import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Forwarding } from '../destination.ts';
import { readDestinationsFile } from './read-destinations-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'destinations-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string, name = 'fw.yml'): Promise<Forwarding> {
  const path = join(folder, name);
  await writeFile(path, content);
  return readDestinationsFile(path, undefined);
}

/** The sentences, without the path of the file. */
async function faultsOf(content: string): Promise<string[]> {
  const failure = await read(content).then(
    () => undefined,
    (error: unknown) => error as Error & { code: string },
  );
  expect(failure?.code).toBe('OPTIONS_INVALID');
  return (failure?.message ?? '')
    .replaceAll(`--destinations-file (DESTINATIONS_FILE): the file "${join(folder, 'fw.yml')}"`, 'FILE')
    .split('\n');
}

const full = `
destinations:
  - name: pacs
    target: PACS
    verify: image
    priority: high
    filter:
      modalities: [CT, MR]
      studyDescription: brain
      studyDescriptionPattern: '^NEURO'
      senders: [SCANNER]
      stations: [CT1]
      labels: [research]
    alternate: { mode: orthanc, url: http://b:8042, user: u, pwd: p }
    transcode: 1.2.840.10008.1.2.4.90
    profile: research
  - name: archive
    mode: peering
    target: archive
    url: https://archive/orthanc
    user: u
    pwdFile: secret
    headers: { X-Site: north }
    ca: ca.pem
    timeout: 90s
    priority: 7
profiles:
  research:
    anonymize: { Keep: [StudyDescription] }
hooks: ./hooks.mjs
urgent: { labels: [STAT] }
retired: [old]
`;

describe('the destinations file', () => {
  beforeAll(async () => {
    await writeFile(join(folder, 'secret'), 's3cret\n');
    await writeFile(join(folder, 'ca.pem'), 'PEM');
  });

  it('is read whole', async () => {
    const { destinations, profiles, hooks, urgent, retired } = await read(full);
    expect(destinations[0]).toEqual({
      name: 'pacs',
      mode: 'dicom',
      target: 'PACS',
      connection: undefined,
      verify: 'image',
      priority: 100,
      filter: {
        modalities: ['CT', 'MR'],
        studyDescription: 'brain',
        studyDescriptionPattern: /^NEURO/,
        senders: ['SCANNER'],
        stations: ['CT1'],
        labels: ['research'],
      },
      alternate: {
        mode: 'orthanc',
        target: 'http://b:8042/',
        connection: expect.objectContaining({ url: 'http://b:8042/', user: 'u', password: 'p' }),
      },
      transcode: '1.2.840.10008.1.2.4.90',
      profile: 'research',
    });
    expect(destinations[1]).toMatchObject({
      mode: 'peering',
      priority: 7,
      verify: undefined,
      filter: {},
      connection: {
        url: 'https://archive/orthanc/',
        password: 's3cret',
        headers: { 'X-Site': 'north' },
        tls: { ca: 'PEM' },
        limits: { idle: 90_000 },
      },
    });
    expect(profiles).toEqual(
      new Map([['research', { kind: 'anonymize', body: { Keep: ['StudyDescription'] } }]]),
    );
    expect(hooks).toBe(join(folder, 'hooks.mjs'));
    expect(urgent).toEqual({ labels: ['STAT'] });
    expect(retired).toEqual(['old']);
  });

  it('may be JSON, with the schema for editors', async () => {
    const { destinations } = await read(
      '{"$schema": "x", "destinations": [{"name": "a", "target": "A"}]}',
      'fw.json',
    );
    expect(destinations.map(({ name, mode }) => [name, mode])).toEqual([['a', 'dicom']]);
  });

  it('gives a destination that says nothing of verification what was ordered for all', async () => {
    const path = join(folder, 'usual.yml');
    await writeFile(path, 'destinations: [{ name: a, target: A }, { name: b, target: B, verify: none }]');
    expect(readDestinationsFile(path, 'count').destinations.map(({ verify }) => verify)).toEqual([
      'count',
      'none',
    ]);
  });

  const one = (more: string) => `destinations:\n  - name: a\n    target: A\n    ${more}\n`;

  it.each([
    ['a: b: s3cret', 'FILE is neither YAML nor JSON: BLOCK_AS_IMPLICIT_KEY in line 1, column 4.'],
    ['a: 1\na: 2', 'FILE is neither YAML nor JSON: DUPLICATE_KEY in line 2, column 1.'],
    ['', 'FILE, line 1, column 1: it is missing.'],
    ['- a', 'FILE, line 1, column 1: it must be an object with keys of its own.'],
    ['destinations: []', 'FILE, line 1, column 15: destinations must hold one destination at least.'],
    [
      one('prioritiy: 1'),
      'FILE, line 4, column 5: destinations[0].prioritiy is not known here. Did you mean priority?',
    ],
    [
      one('filter: { xyz: 1 }'),
      'FILE, line 4, column 15: destinations[0].filter.xyz is not known here (known are modalities, studyDescription, studyDescriptionPattern, senders, stations, labels).',
    ],
    [
      one('mode: dicmo'),
      'FILE, line 4, column 11: destinations[0].mode must be one of dicom, dicom-series-by-series, dicom-web, dicom-web-series-by-series, peering, transfer, orthanc.',
    ],
    [
      one('priority: urgent'),
      'FILE, line 4, column 15: destinations[0].priority must be high, normal, low or a whole number from -1000 to 1000.',
    ],
    [
      one("filter: { studyDescriptionPattern: '(' }"),
      'FILE, line 4, column 40: destinations[0].filter.studyDescriptionPattern is no regular expression: Unterminated group.',
    ],
    [
      one('filter: { modalities: [] }'),
      'FILE, line 4, column 27: destinations[0].filter.modalities is empty: it can never match; leave it out to let everything through.',
    ],
    [
      one('filter: { modalities: [ct] }'),
      'FILE, line 4, column 28: destinations[0].filter.modalities[0] is no modality (capitals and digits, such as CT): it can never match.',
    ],
    [
      one('filter: { labels: [a b] }'),
      'FILE, line 4, column 24: destinations[0].filter.labels[0] is no label that Orthanc could hold (letters, digits, _ and -): it can never match.',
    ],
    [
      one('filter: { senders: [AN_AET_THAT_IS_TOO_LONG] }'),
      'FILE, line 4, column 25: destinations[0].filter.senders[0] is longer than 16 characters: it can never match.',
    ],
    [
      one('filter: { labels: 1 }'),
      'FILE, line 4, column 23: destinations[0].filter.labels must be a list, such as [CT, MR].',
    ],
    [
      one('filter: { studyDescription: 7 }'),
      'FILE, line 4, column 33: destinations[0].filter.studyDescription must be text: put it in quotes.',
    ],
    [
      one('url: http://u:s3cret@b'),
      'FILE, line 4, column 10: destinations[0].url must not hold a user name or a password; give them through user and pwd.',
    ],
    [
      one('url: http://b\n    user: u'),
      'FILE, line 5, column 11: destinations[0].user has no effect without pwd or pwdFile.',
    ],
    [one('apiKey: s3cret'), 'FILE, line 4, column 13: destinations[0].apiKey has no effect without url.'],
    [
      one('url: http://b\n    apiKeyFile: none'),
      'FILE, line 5, column 17: destinations[0].apiKeyFile names the file "none", which cannot be read: ENOENT.',
    ],
    [
      one('url: http://b\n    apiKey: s3cret\n    apiKeyFile: secret'),
      'FILE, line 6, column 17: destinations[0].apiKeyFile cannot be given together with apiKey.',
    ],
    [
      one('profile: x'),
      'FILE, line 4, column 14: destinations[0].profile "x" is not among the profiles of this file.',
    ],
    [
      one('transcode: jpeg'),
      'FILE, line 4, column 16: destinations[0].transcode must be the UID of a transfer syntax, such as 1.2.840.10008.1.2.4.90.',
    ],
    [
      one('alternate: { target: A }'),
      'FILE, line 4, column 16: destinations[0].alternate leads where the first way leads.',
    ],
    [
      one('alternate: { mode: orthanc }'),
      'FILE, line 4, column 16: destinations[0].alternate.url is required by the mode orthanc.',
    ],
    [
      'destinations: [{ name: a }]',
      'FILE, line 1, column 16: destinations[0].target is required by the mode dicom.',
    ],
    ['destinations: [{ target: A }]', 'FILE, line 1, column 16: destinations[0].name is missing.'],
    [
      'destinations: [{ name: inbox, target: A }]',
      'FILE, line 1, column 24: destinations[0].name "inbox" means a part of the forwarder itself.',
    ],
    [
      `${one('verify: none')}  - { name: A, target: B }`,
      'FILE, line 5, column 13: destinations[1].name "A" is the name of another destination already.',
    ],
    [
      `${one('verify: none')}retired: [b, A]`,
      'FILE, line 5, column 14: retired[1] "A" is among the destinations.',
    ],
    [
      `${one('verify: none')}profiles: { x: { anonymize: {}, modify: {} } }`,
      'FILE, line 5, column 16: profiles.x must hold either anonymize or modify, with what Orthanc is to be told.',
    ],
  ])('refuses %j by its place', async (content, sentence) => {
    const faults = await faultsOf(content);
    expect(faults).toEqual([sentence]);
    expect(faults.join('')).not.toContain('s3cret');
  });

  it('tells every fault at once', async () => {
    expect(await faultsOf('destinations: [{ name: a, mode: x, foo: 1 }, { nam: b }]')).toHaveLength(4);
  });

  it('shares what an anchor holds', async () => {
    const { destinations } = await read(
      'destinations:\n  - &a { name: a, target: A, verify: none }\n  - { <<: *a, name: b, target: B }\n',
    );
    expect(destinations.map(({ name, verify }) => [name, verify])).toEqual([
      ['a', 'none'],
      ['b', 'none'],
    ]);
  });

  it('that is not there is refused', () => {
    expect(() => readDestinationsFile('/none/of/this.yml', undefined)).toThrow(
      '--destinations-file (DESTINATIONS_FILE): the file "/none/of/this.yml" cannot be read: ENOENT.',
    );
  });

  it('meets any content with destinations or one configuration failure', async () => {
    const value = fc.json({ maxDepth: 3 });
    const content = fc.oneof(
      fc.string(),
      value,
      value.map((json) => `destinations: [{ name: a, target: A, filter: ${json} }]`),
      value.map((json) => `destinations: [{ name: a, target: A, priority: ${json}, url: ${json} }]`),
      value.map((json) => `destinations: ${json}\nprofiles: ${json}`),
    );
    await fc.assert(
      fc.asyncProperty(content, async (written) => {
        const failure: unknown = await read(written).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) expect(failure).toMatchObject({ code: 'OPTIONS_INVALID' });
      }),
    );
  });
});
