import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc, snapshotOrthanc, startLinked, withTransfers } from '../src/index.ts';
import type { LinkedOrthancs, RunningOrthanc } from '../src/index.ts';

const testbed = await openTestbed();
type Alias = 'usual' | 'lying' | 'tenth' | 'storeonly' | 'full' | 'pulling';
let linked: LinkedOrthancs<Alias>;
let ids: string[];
let studyUid: string;

beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    source: withTransfers(),
    destinations: {
      usual: { request: withTransfers() },
      lying: { behaviour: 'lying' },
      tenth: { behaviour: 'refusing-every-tenth' },
      storeonly: { behaviour: 'store-only' },
      full: { behaviour: 'full' },
      pulling: { request: withTransfers(), isPulling: true },
    },
  });
  const [study] = synthesizeArchive({
    seed: 'linked',
    studies: 1,
    imageSize: 300,
    seriesPerStudy: 1,
    instancesPerSeries: 10,
    modalities: ['CT'],
  });
  const files = [...(study?.instances() ?? [])];
  ids = files.map((file) => file.orthancIds().instance);
  studyUid = files[0]?.identifiers.studyInstanceUid ?? '';
  await seedOrthanc(
    linked.source,
    files.map(({ bytes }) => bytes),
  );
}, 300_000);

afterAll(async () => {
  await linked[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly content: Record<string, unknown>;
}

async function post(server: RunningOrthanc, path: string, content: unknown): Promise<Answer> {
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(content) });
  return { status: answer.status, content: (await answer.json()) as Record<string, unknown> };
}

const routes = ['modalities', 'peers', 'dicom-web/servers'] as const;
const send = (route: (typeof routes)[number], alias: Alias): Promise<Answer> =>
  post(linked.source, `/${route}/${alias}/${route === 'dicom-web/servers' ? 'stow' : 'store'}`, {
    Resources: ids,
    Synchronous: true,
  });

async function holdsAfterEmptying(alias: Alias): Promise<number> {
  const server = linked.destinations[alias];
  const held = [...(await snapshotOrthanc(server)).keys()];
  await fetch(`${server.url}/tools/bulk-delete`, {
    method: 'POST',
    body: JSON.stringify({ Resources: held }),
  });
  return held.length;
}

describe.each(routes)('by /%s', (route) => {
  it('a destination is reached', async () => {
    expect((await send(route, 'usual')).status).toBe(200);
    expect(await holdsAfterEmptying('usual')).toBe(10);
  });

  it('a lying one answers success and keeps nothing', async () => {
    expect((await send(route, 'lying')).status).toBe(200);
    expect(await holdsAfterEmptying('lying')).toBe(0);
  });

  it('one refuses every tenth, and says so', async () => {
    expect((await send(route, 'tenth')).status).toBe(500);
    expect(await holdsAfterEmptying('tenth')).toBe(9);
  });

  it('a full one keeps what it has room for, and says so', async () => {
    expect((await send(route, 'full')).status).toBe(500);
    expect(await holdsAfterEmptying('full')).toBe(5);
  });
});

describe('a lying one', () => {
  it('answers success to a peer that compresses, too', async () => {
    const order = { Resources: ids, Synchronous: true, Compress: true };
    expect((await post(linked.source, '/peers/lying/store', order)).status).toBe(200);
    expect(await holdsAfterEmptying('lying')).toBe(0);
  });
});

describe('over DICOM', () => {
  const query = (alias: Alias) =>
    post(linked.source, `/modalities/${alias}/query`, {
      Level: 'Instance',
      Query: { StudyInstanceUID: studyUid, SeriesInstanceUID: '', SOPInstanceUID: '' },
    });

  it('a destination answers what it holds, also after it was started again', async () => {
    await linked.destinations.usual.restart();
    expect((await query('usual')).status).toBe(200);
  });

  it('one that can only store takes instances and answers no question', async () => {
    expect((await send('modalities', 'storeonly')).status).toBe(200);
    expect((await query('storeonly')).status).toBe(500);
    expect(await holdsAfterEmptying('storeonly')).toBe(10);
  });
});

describe('the stand-in for the transfers accelerator', () => {
  const transfer = async (peer: Alias): Promise<Answer> =>
    await post(linked.source, '/transfers/send', {
      Resources: ids.map((id) => ({ Level: 'Instance', ID: id })),
      Compression: 'gzip',
      Peer: peer,
    });

  /** Asks until the job has ended: Orthanc tells no other way. */
  async function endOf(url: string): Promise<string> {
    for (;;) {
      const { State: state } = (await (await fetch(url)).json()) as { State: string };
      if (state === 'Success' || state === 'Failure') return state;
    }
  }

  it('pushes by a job of the source', async () => {
    const { content } = await transfer('usual');
    expect(await endOf(`${linked.source.url}/jobs/${String(content['ID'])}`)).toBe('Success');
    expect(await holdsAfterEmptying('usual')).toBe(10);
  });

  it('lets a peer pull by a job of its own', async () => {
    const { content } = await transfer('pulling');
    const { url, peerUrl } = linked.destinations.pulling;
    const job = String(content['RemoteJob']);
    expect(content).toEqual({ Peer: 'pulling', RemoteJob: job, URL: `${peerUrl}/jobs/${job}` });
    expect(await endOf(`${url}/jobs/${job}`)).toBe('Success');
    expect(await holdsAfterEmptying('pulling')).toBe(10);
  });

  it('knows no peer that is not configured, and no instance that is not there', async () => {
    const unknown = { Compression: 'none', Peer: 'nobody' };
    const ask = (resources: unknown, peer: string) =>
      fetch(`${linked.source.url}/transfers/send`, {
        method: 'POST',
        body: JSON.stringify({ ...unknown, Resources: resources, Peer: peer }),
      });
    expect((await ask([], 'nobody')).status).toBe(404);
    const nothing = '00000000-00000000-00000000-00000000-00000000';
    expect((await ask([{ Level: 'Instance', ID: nothing }], 'usual')).ok).toBe(false);
  });
});
