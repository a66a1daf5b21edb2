import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';

export interface ChildRequest {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ChildUsage {
  readonly exitCode: number | null;
  /** User and system time, of the child and what it started. */
  readonly cpuSeconds: number;
  /** The most that the kernel has seen resident. */
  readonly peakBytes: number;
  /** The end of what it wrote. */
  readonly output: string;
}

const pollMs = 20;
const longestOutput = 20_000;

/** Runs a program to its end and says what it cost. No other child of this process may end meanwhile: see below. */
export async function runChild({ command, cwd, env, signal }: ChildRequest): Promise<ChildUsage> {
  signal.throwIfAborted();
  const [program, ...args] = command;
  const before = endedChildrenCpuSeconds();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-longestOutput)));
  }
  let peakBytes = 0;
  // The kernel's own high-water mark only has to be seen once near the end, not at the peak.
  const poll = setInterval(
    () => (peakBytes = Math.max(peakBytes, pid === undefined ? 0 : highWaterMark(pid))),
    pollMs,
  );
  const stop = (): unknown => child.kill('SIGKILL');
  process.once('exit', stop);
  signal.addEventListener('abort', stop);
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    return { exitCode, cpuSeconds: endedChildrenCpuSeconds() - before, peakBytes, output };
  } finally {
    clearInterval(poll);
    process.off('exit', stop);
    signal.removeEventListener('abort', stop);
  }
}

function highWaterMark(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0; // It has just ended.
  }
}

// Fields 16 and 17 of stat(5): the time of children that have ended and been waited for. Unlike polling the child
// itself, this does not lose what it did last. In hundredths of a second on every Linux that Node runs on.
function endedChildrenCpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
