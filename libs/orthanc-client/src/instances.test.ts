import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import { connectOrthanc } from './orthanc.ts';
import { bodyOf, sayJson, scriptedServer } from './scripted-server.ts';

const id = '482c5004-203c4c21-2b358104-f05be2b2-01d7f70e';
const receipt = { ID: id, ParentStudy: id, Path: `/instances/${id}`, Status: 'Success' };
const bytes = randomBytes(3_000_000);
const pieces = Array.from({ length: 30 }, (_, n) => bytes.subarray(n * 100_000, (n + 1) * 100_000));

async function* flow(chunks: readonly Uint8Array[]) {
  for (const chunk of chunks) {
    await new Promise(setImmediate);
    yield chunk;
  }
}

const storing = () => {
  const got: { body?: Buffer; headers?: NodeJS.Dict<string | string[]> } = {};
  const server = scriptedServer((request, response) => {
    got.headers = request.headers;
    void bodyOf(request).then((body) => {
      got.body = body;
      sayJson(response, receipt);
    });
  });
  return { got, server };
};

describe('md5', () => {
  const unknown = { HttpStatus: 404, OrthancStatus: 17, OrthancError: 'Unknown resource' };

  it.each([
    ['is that of the file', '0cc175b9c0f1b6a831c399e269772661', 200, '0cc175b9c0f1b6a831c399e269772661'],
    ['is none where the server keeps none', '', 200, undefined],
    ['is none where the server has no such route', JSON.stringify(unknown), 404, undefined],
  ])('%s', async (_, text, status, md5) => {
    const paths: (string | undefined)[] = [];
    await using server = await scriptedServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end(text);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    expect(await orthanc.instances.md5(id)).toBe(md5);
    expect(paths).toEqual([`/instances/${id}/attachments/dicom/md5`]);
  });

  it('is not known while the server is in trouble', async () => {
    await using server = await scriptedServer((_, response) => response.writeHead(500).end());
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.instances.md5(id)).rejects.toMatchObject({ code: 'ORTHANC_SERVER_ERROR' });
  });
});

describe('store', () => {
  it.each([
    ['one buffer', bytes, String(bytes.length)],
    ['pieces', pieces, String(bytes.length)],
    ['a stream of known length', { body: flow(pieces), length: bytes.length }, String(bytes.length)],
    ['a stream of unknown length', { body: flow(pieces) }, undefined],
  ])('sends %s as it is', async (_, body, length) => {
    const { got, server: starting } = storing();
    await using server = await starting;
    await using orthanc = connectOrthanc({ url: `${server.url}/prefix/`, apiKey: 'key' });
    expect(await orthanc.instances.store(body)).toEqual([{ id, status: 'Success', studyId: id }]);
    expect(got.body?.equals(bytes)).toBe(true);
    expect(got.headers).toMatchObject({ 'api-key': 'key', 'content-type': 'application/dicom' });
    expect(got.headers?.['content-length']).toBe(length);
  });

  it('leaves open what came of it when the connection breaks after all was sent', async () => {
    await using server = await scriptedServer((request) => {
      void bodyOf(request).then(() => request.socket.destroy());
    });
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.instances.store(bytes)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it('leaves open what came of it when the answer does not come in time', async () => {
    await using server = await scriptedServer((request) => {
      request.resume();
    });
    await using orthanc = connectOrthanc({ url: server.url, limits: { idle: 100 } });
    await expect(orthanc.instances.store(bytes)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it.each(['<html>welcome</html>', '{"ID":', '{}', '[1]', ''])(
    'leaves open what came of it when the answer is "%s"',
    async (text) => {
      await using server = await scriptedServer((request, response) => {
        void bodyOf(request).then(() => response.end(text));
      });
      await using orthanc = connectOrthanc({ url: server.url });
      await expect(orthanc.instances.store(Buffer.from('x'))).rejects.toMatchObject({
        kind: 'ambiguous',
        code: 'ORTHANC_ANSWER_UNREADABLE',
      });
    },
  );

  it('knows that nothing was stored when the connection breaks before all was sent', async () => {
    await using server = await scriptedServer((request) => {
      request.once('data', () => request.socket.destroy());
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const endless = async function* () {
      for (;;) yield bytes;
    };
    await expect(orthanc.instances.store({ body: endless(), length: 1e12 })).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_CONNECTION_LOST',
    });
  });

  it('reads a refusal that comes before all was sent', async () => {
    await using server = await scriptedServer((request, response) => {
      request.once('data', () => response.writeHead(503, { 'retry-after': '3' }).end('busy'));
    });
    await using orthanc = connectOrthanc({ url: server.url });
    let wasEnded = false;
    const endless = async function* () {
      try {
        for (;;) {
          await new Promise(setImmediate);
          yield bytes.subarray(0, 1000);
        }
      } finally {
        wasEnded = true;
      }
    };
    await expect(orthanc.instances.store({ body: endless(), length: 1e12 })).rejects.toMatchObject({
      code: 'ORTHANC_BUSY',
      retryAfterMs: 3000,
    });
    for (let n = 0; n < 1000 && !wasEnded; n += 1) await new Promise(setImmediate);
    expect(wasEnded).toBe(true);
  });

  it('passes on the failure of what was to be sent, and lets the server see no complete file', async () => {
    let ended: Promise<unknown> | undefined;
    await using server = await scriptedServer((request) => {
      ended = bodyOf(request).catch((error: NodeJS.ErrnoException) => error.code);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const gone = permanentFailure('SOURCE_GONE', 'gone');
    const breaking = async function* () {
      yield bytes.subarray(0, 1000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw gone;
    };
    await expect(orthanc.instances.store({ body: breaking() })).rejects.toBe(gone);
    expect(await ended).toBe('ECONNRESET');
  });

  it('does not blame the server for a supplier that is slower than the time limit', async () => {
    const { server: starting } = storing();
    await using server = await starting;
    await using orthanc = connectOrthanc({ url: server.url, limits: { idle: 60 } });
    const slow = async function* () {
      for (const chunk of pieces.slice(0, 3)) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        yield chunk;
      }
    };
    expect(await orthanc.instances.store({ body: slow() })).toHaveLength(1);
  });

  it('holds back a supplier that is faster than the server', async () => {
    await using server = await scriptedServer(() => undefined);
    await using orthanc = connectOrthanc({ url: server.url });
    const abort = new AbortController();
    let supplied = 0;
    let lastSupplied = performance.now();
    const endless = async function* () {
      for (;;) {
        supplied += bytes.length;
        lastSupplied = performance.now();
        yield bytes;
      }
    };
    const storing = orthanc.instances.store({ body: endless() }, abort.signal);
    while (performance.now() - lastSupplied < 200) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort(new Error('enough'));
    await expect(storing).rejects.toThrow('enough');
    expect(supplied).toBeLessThan(64 * 1024 * 1024);
  });

  it('reads the list of receipts that answers a ZIP', async () => {
    await using server = await scriptedServer((request, response) => {
      void bodyOf(request).then((body) => {
        expect(body.subarray(0, 2).toString()).toBe('PK');
        sayJson(response, [receipt, { ...receipt, Status: 'AlreadyStored' }]);
      });
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const file = { chunks: pieces.slice(0, 2), length: 200_000 };
    const receipts = await orthanc.instances.storeZip([file, file]);
    expect(receipts.map(({ status }) => status)).toEqual(['Success', 'AlreadyStored']);
  });
});

describe('readFile and openFile', () => {
  const holding = () => scriptedServer((_, response) => void response.end(bytes));

  it('give the bytes as they are', async () => {
    await using server = await holding();
    await using orthanc = connectOrthanc({ url: server.url });
    const { chunks, length } = await orthanc.instances.readFile(id);
    expect(length).toBe(bytes.length);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    const file = await orthanc.instances.openFile(id);
    const hash = createHash('sha1');
    for await (const chunk of file.body) hash.update(chunk);
    expect(file.length).toBe(bytes.length);
    expect(hash.digest('hex')).toBe(createHash('sha1').update(bytes).digest('hex'));
  });

  it('hold no file that is larger than permitted', async () => {
    await using server = await holding();
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.instances.readFile(id, { cap: 1_000_000 })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'ANSWER_TOO_LARGE',
    });
  });

  it('never give a part of a file for a whole one', async () => {
    await using server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2_000_000), () => response.destroy());
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const lost = { kind: 'transient', code: 'ORTHANC_CONNECTION_LOST' };
    await expect(orthanc.instances.readFile(id)).rejects.toMatchObject(lost);
    const readAll = async () => {
      for await (const chunk of (await orthanc.instances.openFile(id)).body) expect(chunk).toBeDefined();
    };
    await expect(readAll()).rejects.toMatchObject(lost);
  });

  it('give up a server that falls silent in the middle', async () => {
    await using server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length }).write('some');
    });
    await using orthanc = connectOrthanc({ url: server.url, limits: { idle: 100 } });
    await expect(orthanc.instances.readFile(id)).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it('do not blame the server for a reader that is slower than the time limit', async () => {
    await using server = await holding();
    await using orthanc = connectOrthanc({ url: server.url, limits: { idle: 60 } });
    const { body } = await orthanc.instances.openFile(id);
    let length = 0;
    for await (const chunk of body) {
      if (length === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      length += chunk.length;
    }
    expect(length).toBe(bytes.length);
  });

  it('end with the reason of the one who breaks them off', async () => {
    const abort = new AbortController();
    const stop = () => {
      abort.abort(new Error('stop now'));
    };
    await using server = await scriptedServer((_, response) => void response.write('some', stop));
    await using orthanc = connectOrthanc({ url: server.url });
    const reading = orthanc.instances.readFile(id, { signal: abort.signal });
    await expect(reading).rejects.toThrow('stop now');
    await expect(orthanc.instances.openFile(id, abort.signal)).rejects.toThrow('stop now');
  });

  it('close the connection of a file that nobody reads to its end', async () => {
    let closed: Promise<unknown> | undefined;
    await using server = await scriptedServer((_, response) => {
      closed = once(response, 'close');
      response.write(bytes);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    for await (const chunk of (await orthanc.instances.openFile(id)).body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await closed;
  });
});
