import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { type Orthanc, connectOrthanc } from './orthanc.ts';
import { bodyOf, sayJson, scriptedServer } from './scripted-server.ts';

const id = '482c5004-203c4c21-2b358104-f05be2b2-01d7f70e';
const receipt = { ID: id, ParentStudy: id, Path: `/instances/${id}`, Status: 'Success' };
const bytes = randomBytes(3_000_000);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that stores the first file as Orthanc does, and answers the others as it is told. */
async function storingServer(answer: Answer) {
  let isFirst = true;
  return scriptedServer((request, response) => {
    if (!isFirst) answer(request, response);
    else {
      isFirst = false;
      void bodyOf(request).then(() => sayReceipt(response));
    }
  });
}

function sayReceipt(response: ServerResponse): void {
  const text = JSON.stringify(receipt);
  response
    .writeHead(200, { 'content-length': text.length, connection: 'keep-alive', 'keep-alive': 'timeout=1' })
    .end(text);
}

/** Shows by a first file that the server answers plainly: from then on files go right over the socket. */
async function afterTheFirst(url: string, settings: object = {}): Promise<Orthanc> {
  const orthanc = connectOrthanc({ url, ...settings });
  await orthanc.instances.store(Buffer.from('first'));
  return orthanc;
}

describe('a file that is stored after another', () => {
  it('arrives as it is, with the credentials and over connections that are used again', async () => {
    const got: unknown[] = [];
    await using server = await storingServer((request, response) => {
      const { 'api-key': key, 'content-type': type } = request.headers;
      void bodyOf(request).then((body) => {
        got.push({ url: request.url, key, type, isItself: body.equals(bytes) });
        sayReceipt(response);
      });
    });
    await using orthanc = await afterTheFirst(`${server.url}/pacs`, { apiKey: 'key' });
    const whole = { url: '/pacs/instances', key: 'key', type: 'application/dicom', isItself: true };
    const pieces = [bytes.subarray(0, 7), bytes.subarray(7, 2_000_000), bytes.subarray(2_000_000)];
    for (let n = 0; n < 5; n += 1)
      expect(await orthanc.instances.store(n % 2 ? bytes : pieces)).toEqual([
        { id, status: 'Success', studyId: id },
      ]);
    expect(got).toEqual(Array.from({ length: 5 }, () => whole));
    expect(server.connectionCount()).toBe(2);
  });

  it.each([
    [503, { 'retry-after': '3' }, { code: 'ORTHANC_BUSY', retryAfterMs: 3000 }],
    [401, {}, { code: 'ORTHANC_UNAUTHORIZED' }],
    [404, {}, { code: 'ORTHANC_ANSWERS_NOT_FOUND' }],
  ])('is refused as every call is: %d', async (status, headers, failure) => {
    await using server = await storingServer((request, response) => {
      void bodyOf(request).then(() =>
        response.writeHead(status, { ...headers, 'content-length': 2 }).end('no'),
      );
    });
    await using orthanc = await afterTheFirst(server.url);
    await expect(orthanc.instances.store(bytes)).rejects.toMatchObject(failure);
  });

  it('may be refused before all was sent, and nothing follows over that connection', async () => {
    let isRefusing = true;
    await using server = await storingServer((request, response) => {
      if (!isRefusing) void bodyOf(request).then(() => sayReceipt(response));
      else request.once('data', () => response.writeHead(503, { 'content-length': 4 }).end('busy'));
    });
    await using orthanc = await afterTheFirst(server.url);
    const huge = Array.from({ length: 20 }, () => bytes);
    await expect(orthanc.instances.store(huge)).rejects.toMatchObject({ code: 'ORTHANC_BUSY' });
    isRefusing = false;
    for (let n = 0; n < 2; n += 1) expect(await orthanc.instances.store(bytes)).toHaveLength(1);
    expect(server.connectionCount()).toBe(3);
  });

  it('leaves open what came of it when the connection breaks after all was sent', async () => {
    await using server = await storingServer((request) => {
      void bodyOf(request).then(() => request.socket.destroy());
    });
    await using orthanc = await afterTheFirst(server.url);
    await expect(orthanc.instances.store(bytes)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it('leaves open what came of it when the answer does not come in time', async () => {
    await using server = await storingServer((request) => {
      request.resume();
    });
    await using orthanc = await afterTheFirst(server.url, { limits: { idle: 100 } });
    await expect(orthanc.instances.store(bytes)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
  });

  it('has not been stored when the connection breaks before all was sent', async () => {
    await using server = await storingServer((request) => {
      request.once('data', () => request.socket.destroy());
    });
    await using orthanc = await afterTheFirst(server.url);
    const huge = Array.from({ length: 20 }, () => bytes);
    await expect(orthanc.instances.store(huge)).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_CONNECTION_LOST',
    });
  });

  it('leaves open what came of it when the answer takes another form, and asks in the ordinary way again', async () => {
    await using server = await storingServer((request, response) => {
      void bodyOf(request).then(() => sayJson(response.setHeader('transfer-encoding', 'chunked'), receipt));
    });
    await using orthanc = await afterTheFirst(server.url);
    await expect(orthanc.instances.store(bytes)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_ANSWER_UNREADABLE',
    });
    expect(await orthanc.instances.store(bytes)).toHaveLength(1);
  });

  it('ends with the reason of the one who breaks it off', async () => {
    const abort = new AbortController();
    await using server = await storingServer((request) => {
      request.resume();
      abort.abort(new Error('stop now'));
    });
    await using orthanc = await afterTheFirst(server.url);
    const storing = orthanc.instances.store(bytes, abort.signal);
    await expect(storing).rejects.toThrow('stop now');
  });
});
