import { createServer, request as httpRequest, Agent } from 'node:http';
import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { listenOn } from './listen-on.ts';

const megabyte = Buffer.alloc(1024 * 1024, 'x');
let target: Server;
let targetUrl: string;
let received: { path: string; bytes: number }[];
let targetConnections: number;
let proxy: FaultProxy;

beforeEach(async () => {
  received = [];
  targetConnections = 0;
  target = createServer((request, answer) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      received.push({ path: request.url ?? '', bytes });
      answer.end(request.url === '/large' ? megabyte : `got ${String(bytes)}`);
    });
  }).on('connection', () => (targetConnections += 1));
  targetUrl = `http://127.0.0.1:${String(await listenOn(target, 0, '127.0.0.1'))}`;
  proxy = await startFaultProxy(targetUrl);
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  target.closeAllConnections();
  target.close();
});

const post = async (path: string, body: Uint8Array<ArrayBuffer> | string = 'body', signal?: AbortSignal) => {
  const answer = await fetch(proxy.url + path, {
    method: 'POST',
    body,
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: answer.status, text: await answer.text() };
};
const causeOf = async (attempt: Promise<unknown>): Promise<string> =>
  await attempt.then(
    () => 'answered',
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
  );

describe('an undisturbed proxy', () => {
  it('passes requests and answers of any size and logs them', async () => {
    expect(await post('/a?b=c', new Uint8Array(megabyte))).toEqual({
      status: 200,
      text: `got ${String(megabyte.length)}`,
    });
    expect((await post('/large')).text).toHaveLength(megabyte.length);
    expect(proxy.requests).toEqual([
      { method: 'POST', path: '/a?b=c', status: 200, fault: undefined },
      { method: 'POST', path: '/large', status: 200, fault: undefined },
    ]);
    proxy.forget();
    expect(proxy.requests).toEqual([]);
  });

  it('keeps connections alive on both sides', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async () =>
      await new Promise((resolve) => {
        httpRequest(`${proxy.url}/k`, { agent }, (answer) => answer.resume().on('end', resolve)).end();
      });
    for (let n = 0; n < 5; n += 1) await get();
    agent.destroy();
    expect({ client: proxy.connectionCount(), target: targetConnections }).toEqual({ client: 1, target: 1 });
  });

  it('holds the sender back when the receiver does not read', async () => {
    const sent = { bytes: 0 };
    const stuck = createServer(() => undefined);
    const url = `http://127.0.0.1:${String(await listenOn(stuck, 0, '127.0.0.1'))}`;
    await using slow = await startFaultProxy(url);
    const request = httpRequest(slow.url, {
      method: 'POST',
      headers: { 'content-length': 256 * megabyte.length },
    });
    request.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      let waiting: NodeJS.Timeout;
      const send = (): void => {
        clearTimeout(waiting);
        waiting = setTimeout(resolve, 1000);
        sent.bytes += megabyte.length;
        request.write(megabyte, (error) => {
          if (error === null || error === undefined) send();
        });
      };
      send();
    });
    request.destroy();
    stuck.closeAllConnections();
    stuck.close();
    expect(sent.bytes).toBeLessThan(96 * megabyte.length);
  });
});

describe('faults of connections', () => {
  it('refuses and takes up again on the same port', async () => {
    await post('/before');
    await proxy.disturb({ refuse: true });
    expect(await causeOf(post('/during'))).toBe('ECONNREFUSED');
    await proxy.clear();
    expect((await post('/after')).status).toBe(200);
    expect(received.map(({ path }) => path)).toEqual(['/before', '/after']);
  });

  it('breaks open connections when it refuses', async () => {
    await proxy.disturb({ stall: true });
    const waiting = causeOf(post('/open'));
    while (proxy.connectionCount() === 0) await new Promise(setImmediate);
    await proxy.disturb({ refuse: true });
    expect(await waiting).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  });

  it('stalls: accepts, never answers, and goes on where it stopped', async () => {
    await proxy.disturb({ stall: true });
    expect(await causeOf(post('/never', 'x', AbortSignal.timeout(200)))).toBe('TimeoutError');
    expect(received).toEqual([]);
    const patient = post('/later');
    await proxy.disturb({ stall: false });
    expect((await patient).status).toBe(200);
  });

  it('delays by the round trip', async () => {
    await post('/warm');
    await proxy.disturb({ roundTripMs: 100 });
    const start = performance.now();
    await post('/delayed');
    expect(performance.now() - start).toBeGreaterThanOrEqual(99);
  });

  it('delays many requests at once in the time of one', async () => {
    await proxy.disturb({ roundTripMs: 200 });
    const start = performance.now();
    await Promise.all(Array.from({ length: 60 }, () => post('/parallel')));
    // One after the other they would take twelve seconds.
    expect(performance.now() - start).toBeLessThan(6000);
  });

  it('delays a large body once, not by the piece', async () => {
    await proxy.disturb({ roundTripMs: 200 });
    const start = performance.now();
    await post('/body', new Uint8Array(Buffer.concat(Array.from({ length: 20 }, () => megabyte))));
    // Its more than three hundred pieces, each delayed after the other, would take half a minute.
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('limits the bandwidth', async () => {
    await proxy.disturb({ bytesPerSecond: 4 * megabyte.length });
    const start = performance.now();
    await Promise.all([post('/1', new Uint8Array(megabyte)), post('/2', new Uint8Array(megabyte))]);
    const seconds = (performance.now() - start) / 1000;
    expect(seconds).toBeGreaterThan(0.45);
    expect(seconds).toBeLessThan(5);
  });
});

describe('faults of requests', () => {
  it('answers in the place of the target, for chosen requests and so many times', async () => {
    proxy.addFault({
      effect: 'answer',
      status: 503,
      headers: { 'retry-after': '7' },
      body: 'busy',
      times: 2,
      matching: ({ path }) => path === '/hit',
    });
    const seen = [];
    for (const path of ['/hit', '/miss', '/hit', '/hit'])
      seen.push((await post(path, new Uint8Array(megabyte))).status);
    expect(seen).toEqual([503, 200, 503, 200]);
    expect(received.map(({ path }) => path)).toEqual(['/miss', '/hit']);
    expect(proxy.faultCount('answer')).toBe(2);
  });

  it('hits at a rate, the same requests for the same seed', async () => {
    const hitsOf = async (seed: number): Promise<number[]> => {
      await using seeded = await startFaultProxy(targetUrl, { seed });
      seeded.addFault({ effect: 'answer', status: 500, rate: 0.3 });
      for (let n = 0; n < 60; n += 1) await (await fetch(seeded.url)).text();
      return seeded.requests.flatMap(({ status }, index) => (status === 500 ? [index] : []));
    };
    const first = await hitsOf(5);
    expect(first.length).toBeGreaterThan(6);
    expect(first.length).toBeLessThan(35);
    expect(await hitsOf(5)).toEqual(first);
    expect(await hitsOf(6)).not.toEqual(first);
  });

  it('hits the first request that matches, however small the rate: few may come', async () => {
    proxy.addFault({ effect: 'answer', status: 500, rate: 0.0001 });
    expect((await fetch(proxy.url)).status).toBe(500);
    expect((await fetch(proxy.url)).status).toBe(200);
  });

  it('loses an answer after the target has carried the request out', async () => {
    proxy.addFault({ effect: 'lose-answer', times: 1 });
    expect(await causeOf(post('/stored'))).toBe('UND_ERR_SOCKET');
    expect(received).toEqual([{ path: '/stored', bytes: 4 }]);
    expect(proxy.requests).toEqual([
      { method: 'POST', path: '/stored', status: undefined, fault: 'lose-answer' },
    ]);
    expect((await post('/next')).status).toBe(200);
  });

  it('cuts a request in its body, so that the target never has it whole', async () => {
    proxy.addFault({ effect: 'cut-request', afterBytes: 100_000, times: 1 });
    expect(await causeOf(post('/cut', new Uint8Array(megabyte)))).not.toBe('answered');
    expect(received).toEqual([]);
    expect((await post('/cut', new Uint8Array(megabyte))).status).toBe(200);
  });

  it('cuts an answer in its body, after its head and the wanted bytes', async () => {
    proxy.addFault({ effect: 'cut-answer', afterBytes: 1000, times: 1 });
    const answer = await fetch(`${proxy.url}/large`);
    expect(answer.status).toBe(200);
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) bytes += chunk.length;
    })();
    expect(await causeOf(reading)).toBe('UND_ERR_SOCKET');
    expect(bytes).toBe(1000);
  });

  it('lets a request hang that the target never hears of', async () => {
    proxy.addFault({ effect: 'hang' });
    expect(await causeOf(post('/hang', 'x', AbortSignal.timeout(200)))).toBe('TimeoutError');
    expect(received).toEqual([]);
  });

  it('holds a request until it is let go', async () => {
    const { promise: until, resolve: letGo } = Promise.withResolvers<undefined>();
    proxy.addFault({ effect: 'hold', until, times: 1 });
    const held = post('/held');
    expect((await post('/next')).status).toBe(200);
    expect(received).toEqual([{ path: '/next', bytes: 4 }]);
    letGo(undefined);
    expect((await held).status).toBe(200);
    expect(received.at(-1)).toEqual({ path: '/held', bytes: 4 });
  });

  it('takes a fault away', async () => {
    const remove = proxy.addFault({ effect: 'answer', status: 418 });
    expect((await post('/a')).status).toBe(418);
    remove();
    expect((await post('/a')).status).toBe(200);
  });
});

describe('a proxy at level tcp', () => {
  it('passes bytes with their delay and sees no requests', async () => {
    await using raw = await startFaultProxy(targetUrl, { level: 'tcp', faults: { roundTripMs: 50 } });
    const start = performance.now();
    expect(await (await fetch(raw.url, { method: 'POST', body: 'four' })).text()).toBe('got 4');
    expect(performance.now() - start).toBeGreaterThanOrEqual(49);
    expect(raw.requests).toEqual([]);
  });

  it('looks down when the target is down', async () => {
    await using raw = await startFaultProxy('http://127.0.0.1:9', { level: 'tcp' });
    expect(await causeOf(fetch(raw.url))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
  });
});

it('shows a broken target as a broken connection', async () => {
  await using dead = await startFaultProxy('http://127.0.0.1:9');
  expect(await causeOf(fetch(dead.url))).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
});
