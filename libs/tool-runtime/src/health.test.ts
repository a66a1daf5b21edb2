import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { copier, ran } from './copier-scene.ts';
import type { Copier } from './copier-scene.ts';

interface Answers {
  readonly live: number;
  readonly ready: number;
  readonly paused: boolean;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** Runs a copier that is asked how it is, as Docker and Prometheus ask, whenever `ask` is called. */
async function whileAsked(
  live: (context: Parameters<Copier['run']>[1], ask: () => Promise<Answers>) => Promise<void>,
  signal = new AbortController().signal,
) {
  const port = String(await freePort());
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const ask = async (): Promise<Answers> => ({
    live: (await get('/health/live')).status,
    ready: (await get('/health/ready')).status,
    paused: (await (await get('/metrics')).text()).includes('orthanc_tool_paused{tool="copier"} 1'),
  });
  const run: Copier['run'] = async (options, context) => {
    await live(context, ask);
    return copier.run(options, context);
  };
  const argv = ['--dest-url=http://b:8042', `--metrics-port=${port}`];
  const finished = await ran({ ...copier, run }, argv, { signal });
  expect(finished.stderr).toBe('');
  return finished;
}

const well: Answers = { live: 200, ready: 200, paused: false };

describe('the health of a run', () => {
  it('is not ready before the loop has turned once', async () => {
    await whileAsked(async ({ health }, ask) => {
      expect(await ask()).toEqual({ ...well, ready: 503 });
      health.listeners.onTurn(30_000);
      expect(await ask()).toEqual(well);
    });
  });

  it('is dead when the loop has not turned for longer than it said, and half a minute', async () => {
    await whileAsked(async ({ health }, ask) => {
      health.listeners.onTurn(-29_000);
      expect(await ask()).toEqual(well);
      health.listeners.onTurn(-30_001);
      expect(await ask()).toEqual({ ...well, live: 503 });
      health.listeners.onTurn(Infinity);
      expect(await ask()).toEqual(well);
    });
  });

  it('is paused, but ready, outside the hours', async () => {
    const { lines } = await whileAsked(async ({ health }, ask) => {
      health.listeners.onTurn(30_000);
      health.listeners.onEvent('tool.paused', { reason: 'schedule' });
      expect(await ask()).toEqual({ ...well, paused: true });
      health.listeners.onEvent('tool.resumed', { reason: 'schedule' });
      expect(await ask()).toEqual(well);
    });
    expect(lines.map(({ event }) => event)).toEqual(expect.arrayContaining(['tool.paused', 'tool.resumed']));
  });

  it('is not ready while a fault of a server pauses it, also when the hours end meanwhile', async () => {
    await whileAsked(async ({ health }, ask) => {
      health.listeners.onTurn(30_000);
      health.listeners.onEvent('tool.paused', { reason: 'schedule' });
      health.listeners.onEvent('tool.paused', { reason: 'ORTHANC_UNREACHABLE' });
      health.listeners.onEvent('tool.resumed', { reason: 'schedule' });
      expect(await ask()).toEqual({ live: 200, ready: 503, paused: true });
      health.listeners.onEvent('tool.resumed', { reason: 'answered' });
      expect(await ask()).toEqual(well);
    });
  });

  it('is not ready until the last server that is waited for has answered', async () => {
    await whileAsked(async ({ health }, ask) => {
      health.listeners.onTurn(30_000);
      const [one, other] = [health.awaitServer(), health.awaitServer()];
      one[Symbol.dispose]();
      expect(await ask()).toEqual({ live: 200, ready: 503, paused: true });
      other[Symbol.dispose]();
      expect(await ask()).toEqual(well);
    });
  });

  it('is live, but not ready, while the run drains', async () => {
    const ending = new AbortController();
    await whileAsked(async ({ health }, ask) => {
      health.listeners.onTurn(30_000);
      ending.abort();
      expect(await ask()).toEqual({ ...well, ready: 503 });
    }, ending.signal);
  });
});
