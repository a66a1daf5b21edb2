import { randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { connectOrthanc } from './orthanc.ts';
import { type ScriptedServer, scriptedServer } from './scripted-server.ts';

const id = '482c5004-203c4c21-2b358104-f05be2b2-01d7f70e';
const bytes = randomBytes(3_000_000);
const expected = bytes.length;

const holding = () => scriptedServer((_, response) => void response.end(bytes));
/** Announces what Orthanc announces. */
const likeOrthanc = () =>
  scriptedServer((_, response) => {
    response
      .writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=1', 'content-length': bytes.length })
      .end(bytes);
  });

/** Answers with bytes that no HTTP server of Node's would send. */
async function rawServer(answer: string): Promise<Pick<ScriptedServer, 'url'> & AsyncDisposable> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(answer, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : undefined)}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

describe('a file that is expected to be large', () => {
  it('comes in one piece, as it is', async () => {
    await using server = await holding();
    await using orthanc = connectOrthanc({ url: server.url });
    const { chunks, length } = await orthanc.instances.readFile(id, { expected });
    expect(length).toBe(bytes.length);
    expect(chunks.map((chunk) => bytes.equals(chunk))).toEqual([true]);
  });

  it('is asked for with the credentials, the headers and the prefix of the server', async () => {
    let asked: unknown;
    await using server = await scriptedServer(({ url, headers }, response) => {
      asked = { url, headers };
      response.end(bytes);
    });
    const headers = { 'X-Site': 'north' };
    await using orthanc = connectOrthanc({ url: `${server.url}/pacs/`, user: 'u', password: 'p', headers });
    await orthanc.instances.readFile(id, { expected });
    expect(asked).toMatchObject({
      url: `/pacs/instances/${id}/file`,
      headers: { host: server.url.slice(7), authorization: 'Basic dTpw', 'x-site': 'north' },
    });
  });

  it('comes over connections that are used again', async () => {
    await using server = await likeOrthanc();
    await using orthanc = connectOrthanc({ url: server.url });
    for (let n = 0; n < 20; n += 1) await orthanc.instances.readFile(id, { expected });
    expect(server.connectionCount()).toBe(1);
    await Promise.all([1, 2, 3].map(() => orthanc.instances.readFile(id, { expected })));
    expect(server.connectionCount()).toBe(3);
  });

  it('never comes over a connection that the server may have given up', async () => {
    await using server = await likeOrthanc();
    await using orthanc = connectOrthanc({ url: server.url });
    await orthanc.instances.readFile(id, { expected });
    const busyUntil = performance.now() + 600;
    while (performance.now() < busyUntil);
    await orthanc.instances.readFile(id, { expected });
    expect(server.connectionCount()).toBe(2);
  });

  it('keeps its bytes until its memory is released, whatever is read meanwhile', async () => {
    const files = new Map(['a', 'b', 'c', 'd'].map((name) => [name, randomBytes(300_000)]));
    await using server = await scriptedServer(({ url = '' }, response) => {
      response.end(files.get(url.split('/')[2] ?? ''));
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const read = (name: string) => orthanc.instances.readFile(name, { expected: 300_000 });
    const isItself = (name: string, part: Awaited<ReturnType<typeof read>>) =>
      files.get(name)?.equals(Buffer.concat(part.chunks)) === true;
    const [a, b] = await Promise.all([read('a'), read('b')]);
    a.release?.();
    const [c, d] = await Promise.all([read('c'), read('d')]);
    expect([isItself('b', b), isItself('c', c), isItself('d', d)]).toEqual([true, true, true]);
    expect([c, d].some(({ chunks: [chunk] }) => chunk?.buffer === a.chunks[0]?.buffer)).toBe(true);
  });

  it.each([
    ['has no announced length', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbytes'],
    ['comes in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbytes\r\n0\r\n\r\n'],
    ['is that of an old server', 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nbytes'],
  ])('is read in the ordinary way when the answer %s', async (_, answer) => {
    await using server = await rawServer(answer);
    await using orthanc = connectOrthanc({ url: server.url });
    const { chunks } = await orthanc.instances.readFile(id, { expected });
    expect(Buffer.concat(chunks).toString()).toBe('bytes');
  });
});

describe('a large file that cannot be read', () => {
  it.each([
    [404, 'ORTHANC_NOT_FOUND'],
    [401, 'ORTHANC_UNAUTHORIZED'],
    [503, 'ORTHANC_BUSY'],
  ])('is refused as every call is: %d', async (status, code) => {
    let asked = 0;
    await using server = await scriptedServer((_, response) => {
      asked += 1;
      response.writeHead(status, { 'content-length': 2 }).end('no');
    });
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.instances.readFile(id, { expected })).rejects.toMatchObject({ code });
    expect(asked).toBe(1);
  });

  it('is not held when it is larger than permitted', async () => {
    await using server = await likeOrthanc();
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.instances.readFile(id, { expected, cap: 1_000_000 })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'ANSWER_TOO_LARGE',
    });
  });

  it('is lost when the connection breaks in the middle', async () => {
    await using server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2_000_000), () => response.destroy());
    });
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.instances.readFile(id, { expected })).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_CONNECTION_LOST',
    });
  });

  it('is given up when the server falls silent', async () => {
    await using server = await scriptedServer((_, response) => {
      response.writeHead(200, { 'content-length': bytes.length }).write('some');
    });
    await using orthanc = connectOrthanc({ url: server.url, limits: { idle: 100 } });
    await expect(orthanc.instances.readFile(id, { expected })).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it('says that the server cannot be reached', async () => {
    const { url, ...server } = await holding();
    await server[Symbol.asyncDispose]();
    await using orthanc = connectOrthanc({ url });
    await expect(orthanc.instances.readFile(id, { expected })).rejects.toMatchObject({
      code: 'ORTHANC_UNREACHABLE',
    });
  });

  it('ends with the reason of the one who breaks it off', async () => {
    const abort = new AbortController();
    await using server = await scriptedServer((_, response) => {
      const stop = () => {
        abort.abort(new Error('stop now'));
      };
      response.writeHead(200, { 'content-length': bytes.length }).write('some', stop);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const reading = orthanc.instances.readFile(id, { expected, signal: abort.signal });
    await expect(reading).rejects.toThrow('stop now');
  });
});
