import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';

export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
  /** CPU time, user and system, in seconds. */
  cpuSeconds(): number;
  /** The most memory that it had, in megabytes. */
  peakMegabytes(): number;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A server in a process of its own, listening on the port that it is given. */
export async function startServerProcess(
  command: (port: number) => readonly string[],
): Promise<ServerProcess> {
  const port = await freePort();
  const [program = '', ...words] = command(port);
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('server.listening')) resolve(undefined);
  });
  child.once('exit', () => reject(new Error('the server ended before it listened')));
  await promise;
  const stat = () =>
    readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return {
    port,
    cpuSeconds: () => (Number(stat()[11]) + Number(stat()[12])) / 100,
    peakMegabytes: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))?.[1] ?? 0) /
      1024,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
