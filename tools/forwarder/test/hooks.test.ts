import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type ForwarderHooks, forwardOrthanc } from '../src/index.ts';
import { holdFirst, openScene } from './forward-scene.ts';

type Tags = Readonly<Record<string, unknown>>;

async function tagsIn({ url }: RunningOrthanc): Promise<Map<string, Tags>> {
  const get = async (path: string): Promise<unknown> => (await fetch(url + path)).json();
  const ids = (await get('/instances')) as string[];
  const read = async (id: string) => [id, (await get(`/instances/${id}/simplified-tags`)) as Tags] as const;
  return new Map(await Promise.all(ids.map(read)));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hooks-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function hooksFile(name: string, source: string): Promise<string> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, source);
  return path;
}

const toThere = ['--destination=there', '--trigger=StableStudy'];

/** By number, as tags name them. */
const numberOf = (tags: Tags | undefined) => String(tags?.['InstanceNumber']);

describe('hooks', () => {
  it('are asked about what comes into a series that was asked about before', async () => {
    await using scene = await openScene({ seed: 368, studies: 1, withheld: 1, destinations: { there: {} } });
    const path = await hooksFile(
      'late',
      `export const filterInstance = ({ tags }) => tags.SeriesNumber !== '2' || tags.InstanceNumber !== '3';`,
    );
    let output = '';
    const listing = holdFirst(
      scene.proxy,
      ({ path: asked }) => asked === '/tools/find' && output.includes('answer for admission'),
    );
    const running = scene.run({
      more: [...toThere, `--hooks=${path}`, '--log-level=debug'],
      onOutput: (stdout) => (output = stdout),
    });
    await listing.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    listing.letGo();
    await running;
    expect((await scene.run({ more: [...toThere, `--hooks=${path}`] })).exitCode).toBe(0);
    expect(await scene.held(scene.destinations.there)).toEqual(scene.sent);
    expect([...(await tagsIn(scene.inbox)).values()].map(numberOf)).toEqual(['3']);
  });

  it('filter instances; what nobody is to have stays', async () => {
    await using scene = await openScene({ seed: 361, destinations: { there: {} } });
    const first = [...(await tagsIn(scene.inbox))].filter(([, tags]) => tags['InstanceNumber'] === '1');
    const path = await hooksFile(
      'filter',
      `export const filterInstance = ({ tags }) => tags.InstanceNumber === '1';`,
    );
    const { exitCode, stdout } = await scene.run({ more: [...toThere, `--hooks=${path}`] });
    expect(exitCode).toBe(0);
    const ids = first.map(([id]) => id).toSorted();
    expect(ids.length).toBeGreaterThan(0);
    expect(await scene.held(scene.destinations.there)).toEqual(ids);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent.filter((id) => !ids.includes(id)));
    expect(stdout).toContain('unit.unwanted');
  });

  it('filter studies for each destination; what one of them has is deleted', async () => {
    await using scene = await openScene({ seed: 362, destinations: { a: {}, b: {} } });
    const path = await hooksFile(
      'studies',
      `let seen = [];
       export async function filterStudy({ destination, id, series }) {
         if (series.length === 0 || series[0].modality !== 'CT') throw new Error('no series');
         if (!seen.includes(id)) seen = [...seen, id].sort();
         return destination === 'a' || seen.indexOf(id) > 0;
       }`,
    );
    const { exitCode } = await scene.run({
      more: ['--destination=a,b', '--trigger=StableStudy', `--hooks=${path}`, '--worker-threads-count=1'],
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.destinations.a)).toEqual(scene.sent);
    const atB = await scene.held(scene.destinations.b);
    expect(atB.length).toBeLessThan(scene.sent.length);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('change tags, for one destination or for all, and leave alone what they say nothing of', async () => {
    await using scene = await openScene({ seed: 363, studies: 1, destinations: { there: {}, other: {} } });
    const before = await tagsIn(scene.inbox);
    const path = await hooksFile(
      'process',
      `export default {
         prefix: 'at ',
         async processInstance({ destination, tags }) {
           if (destination === 'other' || tags.InstanceNumber === '1') return undefined;
           return { replace: { InstitutionName: this.prefix + destination }, remove: ['StationName'] };
         },
       };`,
    );
    const file = await scene.destinationsFile({
      hooks: path,
      destinations: [
        { name: 'there', target: 'there', mode: 'peering', url: scene.destinations.there.url },
        { name: 'other', target: 'other' },
      ],
    });
    expect((await scene.run({ more: [file, '--trigger=StableStudy'] })).exitCode).toBe(0);
    for (const [id, tags] of await tagsIn(scene.destinations.there)) {
      const isFirst = tags['InstanceNumber'] === '1';
      expect(tags['InstitutionName']).toBe(isFirst ? before.get(id)?.['InstitutionName'] : 'at there');
      expect('StationName' in tags).toBe(isFirst);
    }
    expect(await tagsIn(scene.destinations.other)).toEqual(before);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it.each([
    [
      'processInstance',
      `export const processInstance = ({ tags }) => { throw new Error(tags.PatientName); };`,
      'HOOK_FAILED',
    ],
    ['processInstance', `export const processInstance = () => ({ Replace: {} });`, 'HOOK_ANSWER_INVALID'],
    [
      'filterInstance',
      `export const filterInstance = ({ tags }) => Promise.reject(new Error(tags.PatientName));`,
      'HOOK_FAILED',
    ],
    ['filterStudy', `export const filterStudy = () => 'yes';`, 'HOOK_ANSWER_INVALID'],
    ['filterInstance', `export const filterInstance = () => new Promise(() => {});`, 'HOOK_TIMED_OUT'],
    [
      'processInstance',
      `export const processInstance = () => ({ replace: { NoSuchTag: '' } });`,
      'CHANGE_REFUSED',
    ],
  ])('that fail (%s, %s) let nothing leave', async (name, source, code) => {
    await using scene = await openScene({ seed: 364, destinations: { there: {} } });
    const path = await hooksFile(`fails-${name}-${code}`, source);
    const { exitCode, setAside, stdout } = await scene.run({
      more: [...toThere, `--hooks=${path}`, '--hook-timeout=200ms', '--max-retries=0'],
    });
    expect(exitCode).toBe(3);
    expect(await scene.held(scene.destinations.there)).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect(scene.proxy.requests.filter(({ path: asked }) => /store/.test(asked))).toEqual([]);
    if (name === 'processInstance') expect(setAside.map((one) => one.code)).toEqual([code, code]);
    else expect(stdout).toContain(code);
  });

  it('fail for one study, and the others go', async () => {
    await using scene = await openScene({ seed: 365, destinations: { there: {} } });
    const tags = [...(await tagsIn(scene.inbox)).values()];
    const bad = String(tags[0]?.['StudyInstanceUID']);
    const path = await hooksFile(
      'one-fails',
      `export const processInstance = ({ tags }) => {
         if (tags.StudyInstanceUID === '${bad}' && tags.InstanceNumber === '3') throw new RangeError('x');
         return { replace: { InstitutionName: 'there' } };
       };`,
    );
    const { setAside } = await scene.run({ more: [...toThere, `--hooks=${path}`] });
    expect(setAside.map(({ code }) => code)).toEqual(['HOOK_FAILED']);
    const there = [...(await tagsIn(scene.destinations.there)).values()];
    expect(there.length).toBeGreaterThan(0);
    expect(there.map((one) => one['StudyInstanceUID'])).not.toContain(bad);
    expect(there.length + (await scene.held(scene.inbox)).length).toBe(scene.sent.length);
  });

  it('are asked about the others where an instance is gone meanwhile', async () => {
    await using scene = await openScene({ seed: 370, destinations: { there: {} } });
    const path = await hooksFile('all', `export const filterInstance = () => true;`);
    const [gone = ''] = scene.sent;
    const reading = holdFirst(scene.proxy, ({ path: asked }) => asked.startsWith(`/instances/${gone}/`));
    const running = scene.run({ more: [...toThere, `--hooks=${path}`, '--max-retries=1'] });
    await reading.isHeld;
    await fetch(`${scene.inbox.url}/instances/${gone}`, { method: 'DELETE' });
    reading.letGo();
    expect(await running).toMatchObject({ exitCode: 0, setAside: [] });
    expect(await scene.held(scene.destinations.there)).toEqual(scene.sent.filter((id) => id !== gone));
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('of a script are told what was forwarded and what failed', async () => {
    await using scene = await openScene({
      seed: 366,
      destinations: { there: {}, lying: { behaviour: 'lying' } },
    });
    const told: { readonly hook: string; readonly destination: string; readonly code?: string }[] = [];
    const hooks: ForwarderHooks = {
      onForwarded: ({ destination, proved }) => {
        if (proved > 0) told.push({ hook: 'forwarded', destination });
      },
      onError: ({ destination, code }) => told.push({ hook: 'error', destination, code }),
    };
    const { exitCode } = await forwardOrthanc(
      {
        sourceUrl: scene.inbox.url,
        destination: ['there', 'lying'],
        trigger: 'StableStudy',
        quietTime: 1000,
        maxRetries: 0,
        existingChangesOnly: true,
        hooks,
      },
      { stateFolder: folder },
    );
    expect(exitCode).toBe(3);
    expect(told.filter(({ hook }) => hook === 'forwarded').map(({ destination }) => destination)).toEqual(
      expect.arrayContaining(['there', 'there']),
    );
    expect(told).toContainEqual({ hook: 'error', destination: 'lying', code: expect.any(String) });
    expect(told.filter(({ hook, destination }) => hook === 'error' && destination === 'there')).toEqual([]);
  });

  it('hear of a failure before it is known who is to have a study', async () => {
    await using scene = await openScene({ seed: 369, studies: 1, destinations: { there: {} } });
    const told: object[] = [];
    const hooks: ForwarderHooks = {
      filterStudy: () => {
        throw new Error('the register does not answer');
      },
      onError: (failure) => told.push(failure),
    };
    await forwardOrthanc(
      {
        sourceUrl: scene.inbox.url,
        destination: ['there'],
        trigger: 'StableStudy',
        quietTime: 1000,
        maxRetries: 0,
        existingChangesOnly: true,
        hooks,
      },
      { stateFolder: folder },
    );
    expect(told).toEqual([expect.objectContaining({ destination: '', code: 'HOOK_FAILED', attempt: 1 })]);
  });

  it('that cannot be used end the run at its start, by their name', async () => {
    await using scene = await openScene({ seed: 367, studies: 1, destinations: { there: {} } });
    const path = await hooksFile('nothing', 'export const onEror = () => 1;');
    const { exitCode, stderr } = await scene.run({ more: [...toThere, `--hooks=${path}`] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--hooks (HOOKS): the module "${path}" holds none of the hooks`);
    expect(await scene.held(scene.destinations.there)).toEqual([]);
    const changing = await hooksFile('changing', 'export const processInstance = () => undefined;');
    const transfer = await scene.run({ more: [...toThere, '--mode=transfer', `--hooks=${changing}`] });
    expect(transfer.exitCode).toBe(2);
    expect(transfer.stderr).toContain('the mode transfer sends only what is stored: take peering');
    const none = {
      sourceUrl: scene.inbox.url,
      destination: ['there'],
      trigger: 'StableStudy' as const,
      hooks: {},
    };
    await expect(forwardOrthanc(none)).rejects.toMatchObject({ code: 'HOOKS_UNUSABLE' });
  });
});
