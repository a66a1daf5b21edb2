import { spawnSync } from 'node:child_process';

/** In seconds, of a process and all that it starts; the mean of several, each beside one of the other. */
export interface ProcessorTimes {
  readonly ours: number;
  readonly bare: number;
}

const rounds = 7;

/** What a program of Node costs, and what Node costs that does nothing. On a busy machine both are dearer, and the clock of processes ticks in hundredths of a second: one alone says little. */
export function processorTimes(argv: readonly string[]): ProcessorTimes {
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(secondsOf(['-e', '0']));
    ours.push(secondsOf(argv));
  }
  return { ours: mean(ours), bare: mean(bare) };
}

/** As the shell tells it of what it has waited for. @throws when the program fails */
function secondsOf(argv: readonly string[]): number {
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', '"$@" > /dev/null && times', 'sh', process.execPath, ...argv],
    { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
  );
  const [, ofChildren = ''] = stdout.trim().split('\n');
  const parts = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
  if (parts.length !== 2) throw new Error(`The shell does not tell times: ${stdout}${stderr}`);
  return parts.reduce((sum, part) => sum + part, 0);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
