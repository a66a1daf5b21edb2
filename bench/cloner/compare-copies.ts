import type { Testbed } from '@orthanc-tools/orthanc-testbed';
import type { Contender } from './contender.ts';
import { dataSet } from '../measure/data-set.ts';
import type { DataSetName } from '../measure/data-set.ts';
import type { Result } from './judge-results.ts';
import { measureCopy } from './measure-copy.ts';
import type { Ground, Measurement } from './measure-copy.ts';
import { leanCopy, naiveCopy } from './naive-copy.ts';
import { describeGround, prepareGround } from './prepare-ground.ts';
import { titleOf } from './print-results.ts';
import { clonerCopy, peeringCopy } from './run-cloner.ts';
import { readEverything, uploadLimits } from './upload-limit.ts';

export interface CompareRequest {
  readonly testbed: Testbed;
  readonly rounds: number;
  readonly scale: number;
  readonly signal: AbortSignal;
}

const [farMs, fartherMs] = [50, 200];

/** All ways to copy one data set, one after the other, so many rounds: what disturbs the machine disturbs all of them. */
export async function compareCopies(name: DataSetName, request: CompareRequest): Promise<Result[]> {
  const { testbed, signal } = request;
  const set = dataSet(name, request.scale);
  await using ground = await prepareGround(set, { testbed, signal });
  console.log(`\n${describeGround(set, ground)}`);
  const contenders = await contendersFor(name, ground);
  const rounds = contenders.map((): Measurement[] => []);
  for (let round = 1; round <= request.rounds; round += 1) {
    // There and back: whoever comes later finds a fuller disk.
    const inTurn = [...contenders.entries()];
    for (const [index, contender] of round % 2 === 1 ? inTurn : inTurn.reverse()) {
      const measured = await measureCopy(contender, ground);
      rounds[index]?.push(measured);
      console.log(`  round ${String(round)}: ${titleOf({ contender })}: ${describe(measured)}`);
    }
  }
  return contenders.map((contender, index) => ({ contender, rounds: rounds[index] ?? [] }));
}

async function contendersFor(name: DataSetName, { source, held, signal }: Ground): Promise<Contender[]> {
  const ids = [...held.keys()];
  const files = await readEverything(source.url, ids, signal);
  return [
    ...uploadLimits(name, files),
    naiveCopy(ids),
    leanCopy(ids),
    clonerCopy(),
    peeringCopy(),
    naiveCopy(ids, farMs),
    clonerCopy(0),
    clonerCopy(farMs),
    peeringCopy(farMs),
    ...(name === 'small' ? [farther(naiveCopy(ids, fartherMs)), farther(clonerCopy(fartherMs))] : []),
  ];
}

const farther = (contender: Contender): Contender => ({
  ...contender,
  role: contender.role === 'naive far' ? 'naive farther' : 'cloner farther',
});

// Of thousands of series, the DICOMweb plugin would prepare answers for minutes as soon as they are stable.
const neverStable = { StableAge: 86_400 };

/** The cloner alone, with ten times the instances. */
export async function measureLong(name: DataSetName, request: CompareRequest): Promise<Result> {
  const set = dataSet(name, request.scale * 10);
  await using ground = await prepareGround(set, { ...request, configuration: neverStable });
  console.log(`\n${describeGround(set, ground)}`);
  const contender = clonerCopy();
  return { contender, rounds: [await measureCopy(contender, ground)] };
}

const describe = ({ instancesPerSecond, seconds, cpu }: Measurement): string =>
  `${instancesPerSecond.toFixed(0)} inst/s in ${seconds.toFixed(1)} s, ${cpu.sum.toFixed(2)} ms CPU per instance`;
