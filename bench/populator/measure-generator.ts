import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median } from '../measure/median.ts';
import { type Verdict, atLeast } from '../measure/verdict.ts';
import { type GeneratorShape, generatorShapes } from './generator-shapes.ts';

/** What one process made. */
export interface Generated {
  readonly instances: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Of all its threads: the compiler and the garbage collector have their own. */
  readonly cpuSeconds: number;
}

interface GeneratorRequest {
  readonly rounds: number;
  readonly scale: number;
  readonly signal: AbortSignal;
}

const program = fileURLToPath(new URL('generator-process.ts', import.meta.url));

/** The generator alone, without hashing and without sending, per second of CPU: so much can one core make. */
export async function measureGenerator(request: GeneratorRequest): Promise<Verdict[]> {
  console.log('\nThe generator alone, per second of CPU:');
  const verdicts: Verdict[] = [];
  for (const [index, shape] of generatorShapes.entries()) {
    const rounds: Generated[] = [];
    for (let round = 0; round < request.rounds; round += 1) rounds.push(await generate(index, request));
    const rateOf = (amount: 'instances' | 'bytes') =>
      median(rounds.map((round) => round[amount] / round.cpuSeconds));
    const busy = median(rounds.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds));
    const [instances, megabytes] = [rateOf('instances'), rateOf('bytes') / 1e6];
    const figures = [
      `${instances.toFixed(0)} instances`,
      `${megabytes.toFixed(0)} MB`,
      `${busy.toFixed(2)} cores`,
    ];
    console.log(`  ${shape.name.padEnd(62)} ${figures.join(', ')}`);
    verdicts.push(...judge(shape, { instances, megabytes }));
  }
  return verdicts;
}

async function generate(index: number, { scale, signal }: GeneratorRequest): Promise<Generated> {
  signal.throwIfAborted();
  const child = fork(program, [String(index), String(scale)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    signal,
  });
  const ended = once(child, 'exit');
  const answer = await Promise.race([once(child, 'message'), ended.then(() => undefined)]);
  await ended;
  if (answer === undefined) throw new Error('The process of the generator has ended without a result');
  return answer[0] as Generated;
}

function judge({ name, least }: GeneratorShape, rates: Record<'instances' | 'megabytes', number>): Verdict[] {
  if (least === undefined) return [];
  return Object.entries(least).map(([unit, limit]) =>
    atLeast(limit, {
      promise: `generator, ${name}: ${unit} per CPU second`,
      measured: rates[unit as keyof typeof rates],
    }),
  );
}
