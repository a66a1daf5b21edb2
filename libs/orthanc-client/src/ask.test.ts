import type { RequestListener } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { asFailure, describeFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { controlAsk } from './control-ask.ts';
import { record, text } from './json-fields.ts';
import { leanAsk } from './lean-ask.ts';
import type { OrthancConnection } from './orthanc-connection.ts';
import { bodyOf, sayJson, scriptedServer } from './scripted-server.ts';
import { lazyWire } from './wire.ts';

const secrets = { user: 'doctor', password: 'hunter2', headers: { 'X-Secret': 'token-4711' } };

describe.each([
  ['a control call', controlAsk, false],
  ['a lean question', leanAsk, false],
  ['a lean question after another one', leanAsk, true],
])('%s', (_, askOver, isWarm) => {
  async function asking<T>(
    answer: RequestListener,
    ask: (ask: Ask) => Promise<T>,
    connection: Partial<OrthancConnection> = {},
  ): Promise<T> {
    await using server = await scriptedServer((request, response) => {
      if (request.url === '/warm') sayJson(response, {});
      else answer(request, response);
    });
    const wire = lazyWire({ url: server.url, ...connection });
    try {
      const over = askOver(wire);
      // Its answer shows in what form this server answers.
      if (isWarm) await over({ method: 'GET', path: '/warm' }, whole);
      return await ask(over);
    } finally {
      wire.close();
    }
  }
  const whole = (value: unknown) => value;
  const getSystem = (ask: Ask) => ask({ method: 'GET', path: '/system' }, whole);
  const failureOf = async (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => 'no failure',
      (error: unknown) => error,
    );

  it('sends bytes as they are', async () => {
    const got = await asking(
      (request, response) => {
        void bodyOf(request).then((body) => {
          const type = request.headers['content-type'];
          sayJson(response, [type, Buffer.from(body).toString('hex')]);
        });
      },
      (ask) => ask({ method: 'PUT', path: '/x', content: Uint8Array.of(0, 255, 254, 10) }, whole),
    );
    expect(got).toEqual(['application/octet-stream', '00fffe0a']);
  });

  it('sends method, path below the prefix, content and credentials', async () => {
    const got = await asking(
      (request, response) => {
        void bodyOf(request).then((body) => {
          const { method, url, headers } = request;
          sayJson(response, { method, url, headers, body: body.toString() });
        });
      },
      (ask) => ask({ method: 'POST', path: '/tools/find?a=b', content: { Level: 'Ström' } }, whole),
      { apiKey: 'key', headers: { 'X-More': 'more' } },
    );
    expect(got).toMatchObject({
      method: 'POST',
      url: '/tools/find?a=b',
      body: '{"Level":"Ström"}',
      headers: {
        'api-key': 'key',
        'x-more': 'more',
        'content-type': 'application/json',
        'content-length': '18',
      },
    });
  });

  it('sends a text as it is', async () => {
    const got = await asking(
      (request, response) => void bodyOf(request).then((body) => sayJson(response, body.toString())),
      (ask) => ask({ method: 'POST', path: '/tools/lookup', content: '1.2.3' }, whole),
    );
    expect(got).toBe('1.2.3');
  });

  it.each([
    ['transient', '<html>maintenance</html>'],
    ['transient', '{"Version":"1.1'],
    ['transient', ''],
    ['permanent', '{"Name":"x"}'],
    ['permanent', '[]'],
    ['permanent', 'null'],
  ])('takes no unreadable answer (%s: %s)', async (kind, said) => {
    const failure = await failureOf(
      asking(
        (_request, response) => void response.end(said),
        (ask) => ask({ method: 'GET', path: '/system' }, (value) => text(record(value, 'it'), 'Version')),
      ),
    );
    expect(failure).toMatchObject({ kind, code: 'ORTHANC_ANSWER_UNREADABLE' });
  });

  it('names the status of a refusal', async () => {
    const failure = await failureOf(
      asking((_request, response) => sayJson(response, { OrthancStatus: 17 }, 404), getSystem),
    );
    expect(failure).toMatchObject({
      code: 'ORTHANC_NOT_FOUND',
      facts: { isOrthancAnswer: true, status: 404 },
    });
  });

  it('follows no redirection', async () => {
    let requests = 0;
    const failure = await failureOf(
      asking((_request, response) => {
        requests += 1;
        response.writeHead(302, { location: '/elsewhere' }).end();
      }, getSystem),
    );
    expect(failure).toMatchObject({ kind: 'configuration', code: 'ORTHANC_REDIRECTS' });
    expect(requests).toBe(1);
  });

  it('never asks twice over a new connection', async () => {
    let requests = 0;
    const failure = await failureOf(
      asking(
        (request) => {
          requests += 1;
          request.socket.destroy();
        },
        (ask) => ask({ method: 'GET', path: '/system', isOnNewConnection: true }, whole),
      ),
    );
    expect(failure).toMatchObject({ kind: 'transient', code: 'ORTHANC_CONNECTION_LOST' });
    expect(requests).toBe(1);
  });

  describe.each([
    ['once more where it leaves nothing behind', {}, ['/first', '/next', '/next']],
    ['never again where it leaves something behind', { effect: 'whole' }, ['/first', '/next']],
    ['never again where another is to be asked', { destination: 'pacs' }, ['/first', '/next']],
  ] as const)('over a connection that is just being closed', (when, more, wanted) => {
    it.each([
      ['is answered then', false],
      ['fails then, when the new one breaks, too', true],
    ])(`asks ${when}, and %s`, async (_name, breaksAll) => {
      const [requests, used] = [[] as string[], new WeakSet<object>()];
      const answered = await asking(
        (request, response) => {
          requests.push(request.url ?? '');
          const isToBreak = used.has(request.socket) || (breaksAll && request.url === '/next');
          used.add(request.socket);
          if (isToBreak) request.socket.destroy();
          else sayJson(response, {});
        },
        async (ask) => {
          await ask({ method: 'GET', path: '/first' }, whole);
          return failureOf(ask({ method: 'POST', path: '/next', content: {}, ...more }, whole));
        },
      );
      expect(requests).toEqual(wanted);
      if (wanted.length === 3 && !breaksAll) expect(answered).toBe('no failure');
      else expect(answered).toMatchObject({ facts: { reusedConnection: wanted.length < 3 } });
    });
  });

  it('gives up a server that says nothing', async () => {
    const failure = await failureOf(asking(() => undefined, getSystem, { limits: { idle: 80 } }));
    expect(failure).toMatchObject({ kind: 'transient', code: 'ORTHANC_NO_ANSWER' });
  });

  it('leaves open what came of a change whose answer was lost', async () => {
    const failure = await failureOf(
      asking(
        (request) => void bodyOf(request).then(() => request.socket.destroy()),
        (ask) => ask({ method: 'POST', path: '/peers/x/store', content: [], effect: 'whole' }, whole),
      ),
    );
    expect(failure).toMatchObject({ kind: 'ambiguous', code: 'ORTHANC_NO_ANSWER' });
  });

  it('names a server that is away', async () => {
    const server = await scriptedServer(() => undefined);
    await server[Symbol.asyncDispose]();
    const wire = lazyWire({ url: server.url });
    expect(await failureOf(getSystem(askOver(wire)))).toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_UNREACHABLE',
      scope: 'run',
    });
  });

  it('ends with the reason of the one who breaks it off', async () => {
    const abort = new AbortController();
    const reason = new Error('stop now');
    const failure = await failureOf(
      asking(
        () => abort.abort(reason),
        (ask) => ask({ method: 'GET', path: '/system', signal: abort.signal }, whole),
      ),
    );
    expect(failure).toBe(reason);
  });

  it('tells no secret, whatever fails', async () => {
    const answers: RequestListener[] = [
      (request) => request.socket.destroy(),
      (_request, response) => void response.writeHead(401).end('hunter2'),
      (_request, response) => void response.end('<html>hunter2</html>'),
      () => undefined,
    ];
    for (const answer of answers) {
      const failure = asFailure(
        await failureOf(asking(answer, getSystem, { ...secrets, limits: { idle: 50 } })),
      );
      expect(failure).toBeDefined();
      const told = JSON.stringify([describeFailure(failure), failure, failure?.stack, failure?.cause]);
      expect(told).not.toMatch(/hunter2|4711|authorization|Basic|ZG9jdG9y/i);
    }
  });
});

describe('a lean question over a socket', () => {
  it.each([
    ['comes in chunks', (size: number) => (size > 10 ? 'chunked' : 'plain')],
    ['is long', () => 'plain'],
  ])('is read in the ordinary way when the answer %s', async (_, formOf) => {
    const requests: string[] = [];
    const long = 'x'.repeat(65 * 1024 * 1024);
    await using server = await scriptedServer(({ url = '' }, response) => {
      requests.push(url);
      const body = JSON.stringify(url === '/long' ? long : 'short');
      if (formOf(body.length) === 'chunked') response.write('');
      response.end(body);
    });
    const wire = lazyWire({ url: server.url });
    const ask = leanAsk(wire);
    try {
      expect(await ask({ method: 'GET', path: '/short' }, String)).toBe('short');
      expect(await ask({ method: 'GET', path: '/long' }, String)).toBe(long);
      expect(await ask({ method: 'GET', path: '/short' }, String)).toBe('short');
    } finally {
      wire.close();
    }
    expect(requests).toEqual(['/short', '/long', '/long', '/short']);
  });

  it('is asked once where it leaves something behind', async () => {
    const requests: string[] = [];
    await using server = await scriptedServer(({ url = '' }, response) => {
      requests.push(url);
      if (url === '/change') response.write('{');
      response.end(url === '/change' ? '}' : '{}');
    });
    const wire = lazyWire({ url: server.url });
    const ask = leanAsk(wire);
    try {
      await ask({ method: 'GET', path: '/first' }, Object);
      await ask({ method: 'POST', path: '/change', effect: 'whole', content: {} }, Object);
    } finally {
      wire.close();
    }
    expect(requests).toEqual(['/first', '/change']);
  });
});

describe('a control call', () => {
  it('ends after its own time limit, even while bytes keep coming', async () => {
    await using server = await scriptedServer((_request, response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.once('close', () => clearInterval(drip));
    });
    const wire = lazyWire({ url: server.url });
    await expect(
      controlAsk(wire)({ method: 'GET', path: '/system', limit: 120 }, (value) => value),
    ).rejects.toMatchObject({ kind: 'transient', code: 'ORTHANC_NO_ANSWER' });
    wire.close();
  });
});
