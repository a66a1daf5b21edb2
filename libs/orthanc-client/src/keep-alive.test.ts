import { describe, expect, it } from '@jest/globals';
import { reusableFor } from './keep-alive.ts';
import { connectOrthanc } from './orthanc.ts';
import { sayJson, scriptedServer } from './scripted-server.ts';

const id = '00000000-00000000-00000000-00000000-00000000';

/** Announces what Orthanc announces. */
const likeOrthanc = () =>
  scriptedServer((_, response) => {
    response.writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=1' }).end('bytes');
  });

describe('reusableFor', () => {
  it.each([
    ['timeout=1', 500],
    ['timeout=5, max=100', 2500],
    ['timeout=75', 4000],
    ['timeout=0', 0],
    [undefined, 500],
    ['nonsense', 500],
  ])('gives a connection with "%s" up after %d ms', (header, ms) => {
    expect(reusableFor(header)).toBe(ms);
  });
});

describe('connections to an Orthanc', () => {
  it('are used again for one request after the other', async () => {
    await using server = await likeOrthanc();
    await using orthanc = connectOrthanc({ url: server.url });
    for (let n = 0; n < 50; n += 1) await orthanc.instances.readFile(id);
    expect(server.connectionCount()).toBe(1);
  });

  it('are as many as there are requests at one time', async () => {
    await using server = await likeOrthanc();
    await using orthanc = connectOrthanc({ url: server.url });
    for (let n = 0; n < 20; n += 1) await Promise.all([1, 2, 3].map(() => orthanc.instances.readFile(id)));
    expect(server.connectionCount()).toBe(3);
  });

  it('are given up before the server would close them, even if no timer could fire', async () => {
    await using server = await likeOrthanc();
    await using orthanc = connectOrthanc({ url: server.url });
    await orthanc.instances.readFile(id);
    await new Promise(setImmediate);
    const busyUntil = performance.now() + 600;
    while (performance.now() < busyUntil);
    await orthanc.instances.readFile(id);
    expect(server.connectionCount()).toBe(2);
  });

  it('that were used before never carry the start of a job, which must not be repeated', async () => {
    const usedBefore = new WeakSet<object>();
    await using server = await scriptedServer(({ socket }, response) => {
      if (usedBefore.has(socket)) return void socket.destroy();
      usedBefore.add(socket);
      sayJson(response, { ID: 'job', RemoteJob: 'other' });
    });
    await using orthanc = connectOrthanc({ url: server.url });
    await orthanc.instances.readFile(id);
    const retrieval = { level: 'Study', resources: [] } as const;
    expect(await orthanc.modalities.retrieve('pacs', 'get', retrieval)).toBe('job');
    expect(await orthanc.modalities.retrieve('pacs', 'get', retrieval)).toBe('job');
    await expect(orthanc.transfers.send('peer', [id])).resolves.toBeDefined();
  });

  it('are shared by control calls and transfers of files', async () => {
    await using server = await scriptedServer((_, response) => {
      response.writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=1' }).end('[]');
    });
    await using orthanc = connectOrthanc({ url: server.url });
    for (let n = 0; n < 5; n += 1) {
      await orthanc.plugins();
      await orthanc.instances.readFile(id);
    }
    expect(server.connectionCount()).toBe(1);
  });
});
