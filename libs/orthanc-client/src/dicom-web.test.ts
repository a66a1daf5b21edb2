import { describe, expect, it } from '@jest/globals';
import { connectOrthanc } from './orthanc.ts';
import { bodyOf, sayJson, scriptedServer } from './scripted-server.ts';
import { splitMultipart } from './split-multipart.ts';

const withPlugin = (
  listener: Parameters<typeof scriptedServer>[0],
  rootUri = '../dicom-web/app/client/index.html',
) =>
  scriptedServer((request, response) => {
    if (request.url === '/plugins/dicom-web') sayJson(response, { RootUri: rootUri });
    else listener(request, response);
  });

const receipt = (referenced: string[], failed: string[]) => {
  const item = (uid: string) => ({
    '00081155': { vr: 'UI', Value: [uid] },
    '00081197': { vr: 'US', Value: [0x0110] },
  });
  return {
    '00081199': { vr: 'SQ', Value: referenced.map(item) },
    ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed.map(item) } }),
  };
};
const file = (content: string) => ({ chunks: [Buffer.from(content)], length: content.length });
const dicomJson = { 'content-type': 'application/dicom+json' };

describe('dicomWeb', () => {
  it('is undefined where the plugin is not there', async () => {
    await using server = await scriptedServer((_, response) => sayJson(response, {}, 404));
    await using orthanc = connectOrthanc({ url: server.url });
    expect(await orthanc.dicomWeb()).toBeUndefined();
  });

  it('is looked for again after a failure', async () => {
    let isBusy = true;
    await using server = await scriptedServer((_, response) => sayJson(response, {}, isBusy ? 503 : 404));
    await using orthanc = connectOrthanc({ url: server.url });
    await expect(orthanc.dicomWeb()).rejects.toMatchObject({ code: 'ORTHANC_BUSY' });
    isBusy = false;
    expect(await orthanc.dicomWeb()).toBeUndefined();
  });

  it.each([
    ['../dicom-web/app/client/index.html', '/dicom-web/studies'],
    ['../web/dicom/app/client/index.html', '/web/dicom/studies'],
  ])('is found below the root that the plugin tells (%s)', async (rootUri, path) => {
    const paths: (string | undefined)[] = [];
    await using server = await withPlugin((request, response) => {
      paths.push(request.url);
      request.resume();
      sayJson(response, receipt([], []));
    }, rootUri);
    await using orthanc = connectOrthanc({ url: server.url });
    await (await orthanc.dicomWeb())?.store([]);
    expect(paths).toEqual([path]);
  });
});

describe('retrieve', () => {
  const body = '--b1\r\nContent-Length: 3\r\n\r\nabc\r\n--b1--\r\n';

  it('asks for the files as they are stored', async () => {
    const asked: unknown[] = [];
    await using server = await withPlugin((request, response) => {
      asked.push(request.url, request.headers.accept);
      response.writeHead(200, { 'content-type': 'multipart/related; type="application/dicom"; boundary=b1' });
      response.end(body);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const web = await orthanc.dicomWeb();
    const answer = await web?.retrieve({ studyUid: '1.2', seriesUid: '3.4' });
    if (answer === undefined) throw new Error('no plugin was found');
    const parts: string[] = [];
    for await (const part of splitMultipart(answer.body, answer.boundary))
      parts.push(Buffer.concat(part.chunks).toString());
    expect(parts).toEqual(['abc']);
    expect(asked).toEqual([
      '/dicom-web/studies/1.2/series/3.4',
      'multipart/related; type="application/dicom"; transfer-syntax=*',
    ]);
  });

  it('takes no other answer for files', async () => {
    await using server = await withPlugin((_, response) => void response.end('<html>'));
    await using orthanc = connectOrthanc({ url: server.url });
    const web = await orthanc.dicomWeb();
    await expect(web?.retrieve({ studyUid: '1.2' })).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_ANSWER_UNREADABLE',
    });
  });
});

describe('store', () => {
  it('sends the files as multipart, each with its length', async () => {
    let got = '';
    let type = '';
    await using server = await withPlugin((request, response) => {
      type = request.headers['content-type'] ?? '';
      void bodyOf(request).then((sent) => {
        got = sent.toString();
        sayJson(response, receipt(['1', '2'], []));
      });
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const web = await orthanc.dicomWeb();
    expect(await web?.store([file('one'), file('three')])).toEqual({ referenced: 2, failed: [] });
    const boundary = /^multipart\/related; type="application\/dicom"; boundary="(.+)"$/.exec(type)?.[1] ?? '';
    const part = (content: string) =>
      `--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${String(content.length)}\r\n\r\n${content}\r\n`;
    expect(got).toBe(`${part('one')}${part('three')}--${boundary}--\r\n`);
  });

  it.each([200, 202, 400, 409])('reads the receipt that comes with status %d', async (status) => {
    await using server = await withPlugin((request, response) => {
      request.resume();
      response.writeHead(status, dicomJson).end(JSON.stringify(receipt(['1.1'], ['1.2'])));
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const web = await orthanc.dicomWeb();
    expect(await web?.store([file('one')])).toEqual({
      referenced: 1,
      failed: [{ sopInstanceUid: '1.2', reason: 0x0110 }],
    });
  });

  it.each([
    [400, 'permanent', 'ORTHANC_REFUSED'],
    [503, 'ambiguous', 'ORTHANC_BUSY'],
    [500, 'ambiguous', 'ORTHANC_SERVER_ERROR'],
    [507, 'ambiguous', 'ORTHANC_STORAGE_FULL'],
  ])('throws %d without a receipt', async (status, kind, code) => {
    await using server = await withPlugin((request, response) => {
      request.resume();
      sayJson(response, { Message: 'no' }, status);
    });
    await using orthanc = connectOrthanc({ url: server.url });
    await expect((await orthanc.dicomWeb())?.store([file('one')])).rejects.toMatchObject({ kind, code });
  });

  it('leaves open what came of it when the connection breaks on the way', async () => {
    await using server = await withPlugin((request) => {
      request.once('data', () => request.socket.destroy());
    });
    await using orthanc = connectOrthanc({ url: server.url });
    const large = { chunks: Array.from({ length: 400 }, () => Buffer.alloc(100_000)), length: 40_000_000 };
    await expect((await orthanc.dicomWeb())?.store([large])).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
  });
});
