import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Failure, permanentFailure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { concludeStudy } from './conclude-study.ts';
import type { Crossing } from './study-view.ts';

/** Without MD5, so that the files themselves are compared. */
const instanceOf = (id: string): StoredInstance => ({ id, seriesId: 'series', size: 3, md5: undefined });
const [one, two] = [instanceOf('one'), instanceOf('two')];

const notFoundAt = (server: string, isOrthancAnswer = true): Failure =>
  permanentFailure('ORTHANC_NOT_FOUND', 'not found', { facts: { server, isOrthancAnswer } });

/** A server that lists these, and whose files are these or are refused. */
const orthancAt = (url: string, listed: readonly string[], files: Record<string, string | Failure>) => ({
  url,
  system: () => Promise.resolve({}),
  studies: {
    instances: () => Promise.resolve(listed.map(instanceOf)),
    exists: () => Promise.resolve(listed.length > 0),
  },
  instances: {
    exists: (id: string) => Promise.resolve(listed.includes(id)),
    openFile: (id: string) => {
      const file = files[id] ?? 'abc';
      return typeof file === 'string' ? Promise.resolve({ body: [Buffer.from(file)] }) : Promise.reject(file);
    },
  },
});

interface Scene {
  readonly here?: readonly string[];
  readonly there?: readonly string[];
  readonly atSource?: Record<string, string | Failure>;
  readonly atDestination?: Record<string, string | Failure>;
}

const concluded: string[] = [];
beforeEach(() => void concluded.splice(0));

/** Both were there before; what the servers list by now may be less. */
function concludeIn({
  here = ['one', 'two'],
  there = ['one', 'two'],
  atSource = {},
  atDestination = {},
}: Scene) {
  const lanes = {
    source: orthancAt('http://source', here, atSource),
    destination: orthancAt('http://destination', there, atDestination),
    carrier: {
      concluded: (_: string, instances: readonly StoredInstance[]) => {
        concluded.push(...instances.map(({ id }) => id));
      },
    },
  };
  const crossing = { lanes, tell: () => undefined, signal: new AbortController().signal };
  const held = [one, two];
  const view = { studyId: 'study', head: undefined, here: held, there: held, missing: [] };
  return concludeStudy(view, { after: held, failure: undefined }, crossing as unknown as Crossing);
}

const bothProved = { proved: { 'id+content': 2 }, exceptions: [], pending: [], isVanished: false };

describe('a study whose files must be read to be compared', () => {
  it('is proved by them, and a conflict where they differ', async () => {
    expect(await concludeIn({})).toMatchObject(bothProved);
    const outcome = await concludeIn({ atDestination: { two: 'abd' } });
    expect(outcome).toMatchObject({ proved: { 'id+content': 1 }, pending: [] });
    expect(outcome.exceptions).toMatchObject([{ part: 'two', code: 'CONTENT_CONFLICT' }]);
    expect(concluded).toEqual(['one', 'two', 'one', 'two']);
  });

  it('has lost what was deleted at the source meanwhile, and nothing else', async () => {
    const atSource = { two: notFoundAt('http://source') };
    expect(await concludeIn({ here: ['one'], atSource })).toMatchObject({
      ...bothProved,
      proved: { 'id+content': 1 },
    });
  });

  it('has vanished where all of it was', async () => {
    const atSource = { one: notFoundAt('http://source'), two: notFoundAt('http://source') };
    expect(await concludeIn({ here: [], atSource })).toMatchObject({ isVanished: true, exceptions: [] });
  });

  it('is looked at again where it was deleted at the destination', async () => {
    const atDestination = { two: notFoundAt('http://destination') };
    expect(await concludeIn({ there: ['one'], atDestination })).toMatchObject({
      proved: { 'id+content': 1 },
      exceptions: [],
      pending: ['two'],
      unfinished: { kind: 'transient', code: 'GONE_FROM_DESTINATION' },
    });
    expect(concluded).toEqual(['one']);
  });

  it.each([
    ['source', 'FILE_MISSING_AT_SOURCE'],
    ['destination', 'FILE_MISSING_AT_DESTINATION'],
  ])('misses a file that the %s lists and does not find, by its own word', async (at, code) => {
    const failure = notFoundAt(`http://${at}`);
    const outcome = await concludeIn({ [at === 'source' ? 'atSource' : 'atDestination']: { two: failure } });
    expect(outcome).toMatchObject({ proved: { 'id+content': 1 }, pending: [] });
    expect(outcome.exceptions).toMatchObject([{ part: 'two', code }]);
  });

  it('misses none because a proxy says that it is not found', async () => {
    const atSource = { two: notFoundAt('http://source', false) };
    expect(await concludeIn({ atSource })).toMatchObject({
      exceptions: [],
      pending: ['two'],
      unfinished: { kind: 'transient', code: 'ORTHANC_NOT_FOUND' },
    });
  });

  it('is looked at again where a file was cut on the way, alike on both', async () => {
    expect(await concludeIn({ atSource: { two: 'ab' }, atDestination: { two: 'ab' } })).toMatchObject({
      proved: { 'id+content': 1 },
      pending: ['two'],
      unfinished: { kind: 'transient', code: 'FILE_OF_ANOTHER_SIZE' },
    });
  });
});
