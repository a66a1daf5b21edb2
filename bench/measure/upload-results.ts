import { median } from './median.ts';
import type { Contender, Measurement, UploadGround } from './measure-upload.ts';
import { measureUpload } from './measure-upload.ts';
import { type Verdict, atLeast } from './verdict.ts';

/** All rounds of one contender. */
export interface Result<Role extends string> {
  readonly contender: Pick<Contender<Role, never>, 'name' | 'role'>;
  readonly rounds: readonly Measurement[];
}

/** All contenders, one after the other, so many rounds: what disturbs the machine disturbs all of them. */
export async function compareUploads<Role extends string, Ground extends UploadGround>(
  contenders: readonly Contender<Role, Ground>[],
  ground: Ground,
  count: number,
): Promise<Result<Role>[]> {
  const rounds = contenders.map((): Measurement[] => []);
  for (let round = 1; round <= count; round += 1) {
    // Each begins once: what one leaves to the disk is written while the next one runs.
    for (const [at] of contenders.entries()) {
      const index = (at + round - 1) % contenders.length;
      const contender = contenders[index];
      if (contender === undefined) continue;
      const measured = await measureUpload(contender, ground);
      rounds[index]?.push(measured);
      console.log(`  round ${String(round)}: ${contender.name}: ${describe(measured)}`);
    }
  }
  return contenders.map((contender, index) => ({ contender, rounds: rounds[index] ?? [] }));
}

const describe = ({ instancesPerSecond, seconds, cpu }: Measurement): string =>
  `${instancesPerSecond.toFixed(0)} inst/s in ${seconds.toFixed(1)} s, ${cpu.sum.toFixed(2)} ms CPU per instance`;

type AnyResult = Pick<Result<string>, 'rounds'>;

const rateOf = ({ rounds }: AnyResult): number => median(rounds.map((round) => round.instancesPerSecond));
const cpuSumOf = ({ rounds }: AnyResult): number => median(rounds.map(({ cpu }) => cpu.sum));
export const peakOf = ({ rounds }: AnyResult): number =>
  Math.max(...rounds.map((round) => round.peakMegabytes ?? 0));

/** The fastest of a role. */
export const bestOf = <Role extends string>(results: readonly Result<Role>[], role: Role): Result<Role> =>
  results
    .filter(({ contender }) => contender.role === role)
    .reduce((one, other) => (rateOf(other) > rateOf(one) ? other : one));

/** The share is that of the two medians: each round has all contenders in turn. */
export const shareOf = (one: AnyResult, other: AnyResult) => ({
  measured: rateOf(one) / rateOf(other),
  byCpu: cpuSumOf(other) / cpuSumOf(one),
});

export const shareOfLimit = (tool: Result<string>, limit: Result<string>, least: number): Verdict =>
  atLeast(least, {
    promise: `${tool.contender.name} ÷ limit (${limit.contender.name.slice('limit: '.length)})`,
    ...shareOf(tool, limit),
  });
