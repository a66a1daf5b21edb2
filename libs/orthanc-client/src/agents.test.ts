import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { connectOrthanc } from './orthanc.ts';
import { sayJson, scriptedServer } from './scripted-server.ts';

const plugins = ['explorer.js'];

describe('a proxy', () => {
  it('is asked for the whole address, with its own credentials, over connections that are kept', async () => {
    const asked: unknown[] = [];
    await using proxy = await scriptedServer((request, response) => {
      asked.push(request.url, request.headers['proxy-authorization'], request.headers['api-key']);
      response.setHeader('keep-alive', 'timeout=5');
      sayJson(response, plugins);
    });
    const through = proxy.url.replace('//', '//user:word@');
    await using orthanc = connectOrthanc({
      url: 'http://orthanc.invalid:8042/x',
      apiKey: 'key',
      proxy: through,
    });
    for (let n = 0; n < 3; n += 1) expect(await orthanc.plugins()).toEqual(plugins);
    const basic = `Basic ${Buffer.from('user:word').toString('base64')}`;
    expect(asked.slice(0, 3)).toEqual(['http://orthanc.invalid:8042/x/plugins', basic, 'key']);
    expect(proxy.connectionCount()).toBe(1);
  });

  it('carries files in both directions', async () => {
    await using proxy = await scriptedServer((request, response) => {
      request.pipe(response);
    });
    await using orthanc = connectOrthanc({ url: 'http://orthanc.invalid', proxy: proxy.url });
    await expect(orthanc.instances.store(Buffer.from('[]'))).resolves.toEqual([]);
  });

  it('that is away leaves the Orthanc unreachable', async () => {
    const proxy = await scriptedServer(() => undefined);
    await proxy[Symbol.asyncDispose]();
    await using orthanc = connectOrthanc({ url: 'http://orthanc.invalid', proxy: proxy.url });
    await expect(orthanc.system()).rejects.toMatchObject({ code: 'ORTHANC_UNREACHABLE', scope: 'run' });
  });

  it('that wants to know who asks is a fault of the configuration', async () => {
    await using proxy = await scriptedServer((_, response) => void response.writeHead(407).end());
    await using orthanc = connectOrthanc({ url: 'http://orthanc.invalid', proxy: proxy.url });
    await expect(orthanc.system()).rejects.toMatchObject({
      kind: 'configuration',
      code: 'PROXY_UNAUTHORIZED',
    });
  });

  it('is asked for a tunnel to an https server', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer().on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await using orthanc = connectOrthanc({
      url: 'https://orthanc.invalid:8043',
      proxy: `http://127.0.0.1:${String(port)}`,
    });
    await expect(orthanc.system()).rejects.toMatchObject({ kind: 'transient' });
    server.close();
    expect(asked).toEqual(['orthanc.invalid:8043']);
  });

  it('may be named by the environment', async () => {
    await using proxy = await scriptedServer((_, response) => sayJson(response, plugins));
    const { http_proxy, no_proxy } = process.env;
    Object.assign(process.env, { http_proxy: proxy.url, no_proxy: 'other.invalid' });
    try {
      await using orthanc = connectOrthanc({ url: 'http://orthanc.invalid' });
      expect(await orthanc.plugins()).toEqual(plugins);
      await using other = connectOrthanc({ url: 'http://other.invalid' });
      await expect(other.plugins()).rejects.toMatchObject({ code: 'ORTHANC_UNREACHABLE' });
    } finally {
      restore({ http_proxy, no_proxy });
    }
  });

  it('must be an address', async () => {
    await using orthanc = connectOrthanc({ url: 'http://orthanc.invalid', proxy: 'user:word@proxy' });
    await expect(orthanc.system()).rejects.toMatchObject({ kind: 'configuration', code: 'PROXY_URL' });
  });
});

function restore(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables))
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
}

describe('certificates', () => {
  it('that cannot be read are a fault of the configuration, told at once', () => {
    const connect = () =>
      connectOrthanc({ url: 'https://orthanc.invalid', tls: { ca: 'no certificate', key: 'x' } });
    expect(connect).toThrow(expect.objectContaining({ kind: 'configuration', code: 'ORTHANC_TLS' }));
  });
});
